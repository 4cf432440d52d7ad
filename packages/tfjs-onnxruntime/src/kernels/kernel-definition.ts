import type { Facts } from '../facts.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import type { Attributes } from '../recording/recorded-call.ts'

/** How one kernel of tfjs is recorded and compiled. */
export interface KernelDefinition {
  readonly name: string
  /** Names of its inputs in order; `list` for kernels that take any number. */
  readonly inputs: readonly string[] | 'list'
  /** Shapes and types of its outputs. */
  outputs(inputs: readonly (Facts | null)[], attributes: Attributes): readonly Facts[]
  /** Its computation in terms of graph nodes; `null` for a kernel that runs on tfjs `cpu`. */
  readonly lower: ((graph: Graph, inputs: readonly (Ir | null)[], attributes: Attributes) => readonly Ir[]) | null
}

/** Inputs that are there: the type of a kernel without optional ones. */
export type Present<T> = readonly T[]

/** A kernel all of whose inputs are required; `A` is the type of its attributes. */
export function defineKernel<A>(
  name: string,
  inputs: readonly string[] | 'list',
  outputs: (inputs: Present<Facts>, attributes: A) => Facts | readonly Facts[],
  lower: (graph: Graph, inputs: Present<Ir>, attributes: A) => Ir | readonly Ir[],
): KernelDefinition {
  return {
    name,
    inputs,
    outputs: (given, attributes) => list(outputs(required(name, given), attributes as A)),
    lower: (graph, given, attributes) => list(lower(graph, required(name, given), attributes as A)),
  }
}

/** A kernel some of whose inputs may be left out. */
export function defineKernelWithOptions<A>(
  name: string,
  inputs: readonly string[],
  outputs: (inputs: readonly (Facts | null)[], attributes: A) => Facts,
  lower: (graph: Graph, inputs: readonly (Ir | null)[], attributes: A) => Ir,
): KernelDefinition {
  return {
    name,
    inputs,
    outputs: (given, attributes) => [outputs(given, attributes as A)],
    lower: (graph, given, attributes) => [lower(graph, given, attributes as A)],
  }
}

export function required<T>(name: string, inputs: readonly (T | null)[]): Present<T> {
  return inputs.map((input, index) => {
    if (input === null) throw new TypeError(`kernel ${name} needs its input ${index}`)
    return input
  })
}

function list<T extends object>(value: T | readonly T[]): readonly T[] {
  return isList(value) ? value : [value]
}

function isList<T extends object>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}
