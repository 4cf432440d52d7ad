import { GraphBuilder } from '@im-iad/onnx'
import type { ElementType } from '../facts.ts'
import { ALL_EMITTERS } from '../emit/all-emitters.ts'
import { Emission } from '../emit/emission.ts'
import type { Ir } from '../graph/ir.ts'
import { physicalShape, type Layout } from '../layout.ts'
import { assignLayouts } from './assign-layouts.ts'
import type { LoweredGraph } from './lower-graph.ts'

/** A value that the model is fed. */
export interface PlanInput {
  readonly name: string
  /** Which leaf of the pending graph it is. */
  readonly leaf: number
  readonly layout: Layout
  readonly dtype: ElementType
  /** Extents in the order of memory. */
  readonly shape: readonly number[]
}

/** A value that the model gives. */
export interface PlanOutput {
  readonly name: string
  readonly layout: Layout
  /** Extents in the order of memory. */
  readonly shape: readonly number[]
  readonly dtype: ElementType
}

export interface EmittedModel {
  readonly bytes: Uint8Array
  readonly inputs: readonly PlanInput[]
  /** One per wanted value; several may have one name. */
  readonly outputs: readonly PlanOutput[]
}

/**
 * Writes the graph as an ONNX model.
 * @param isVariable - for each output, whether its layout is free to choose
 */
export function emitModel({ live, outputs }: LoweredGraph, isVariable: readonly boolean[]): EmittedModel {
  const layouts = assignLayouts(
    live,
    outputs.filter((_, index) => !isVariable[index]),
  )
  const builder = new GraphBuilder('plan')
  const emission = new Emission(builder, layouts, live, false)
  const inputs: PlanInput[] = []
  for (const ir of live) {
    if (ir.op === 'Constant') continue
    if (ir.op === 'Leaf') inputs.push(feed(emission, ir))
    else emit(emission, ir)
  }
  const declared = new Map<string, PlanOutput>()
  const taken = new Set(inputs.map(({ name }) => name))
  const results = outputs.map((ir, index) => result(emission, ir, isVariable[index] ? emission.layoutOf(ir) : 'logical', declared, taken))
  return { bytes: builder.build(), inputs, outputs: results }
}

export function emit(emission: Emission, ir: Ir): void {
  const emitter = ALL_EMITTERS[ir.op]
  if (emitter === undefined) throw new Error(`there is no emitter for ${ir.op}`)
  emitter(emission, ir)
}

/** Variables are stored in the layout that suits the plan; anything else comes as the program wrote it. */
function feed(emission: Emission, ir: Ir): PlanInput {
  const { index, source } = ir.attributes
  const layout = source === 'variable' ? emission.layoutOf(ir) : 'logical'
  const name = `leaf_${String(index)}`
  const shape = physicalShape(ir.shape, layout)
  emission.put(ir, layout, emission.builder.input(name, shape, ir.dtype))
  return { name, leaf: Number(index), layout, dtype: ir.dtype, shape }
}

function result(emission: Emission, ir: Ir, layout: Layout, declared: Map<string, PlanOutput>, taken: Set<string>): PlanOutput {
  const key = `${ir.id} ${layout}`
  const known = declared.get(key)
  if (known !== undefined) return known
  const value = emission.get(ir, layout)
  const shape = physicalShape(ir.shape, layout)
  // What goes in, is constant, or goes out under this name already can't be an output itself.
  const own = taken.has(value.name) || ir.op === 'Constant' ? emission.node('Identity', [value]) : value
  taken.add(own.name)
  const output = { name: emission.builder.result(own, shape, ir.dtype), layout, shape, dtype: ir.dtype }
  declared.set(key, output)
  return output
}
