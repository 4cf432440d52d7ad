import { kernelNotExportable } from '../errors.ts'
import { sameShape } from '../facts.ts'
import { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import type { LazyValue } from '../recording/lazy-value.ts'
import type { RecordedCall } from '../recording/recorded-call.ts'
import type { PendingGraph } from './pending-graph.ts'

/** The recorded calls as graph nodes. */
export interface LoweredGraph {
  /** Nodes that the outputs need, in an order in which they can be computed. */
  readonly live: readonly Ir[]
  /** One per wanted value. */
  readonly outputs: readonly Ir[]
}

/** How a leaf enters the graph. */
export type LeafRole = 'variable' | 'data' | 'constant'

/** Lowers every call to graph nodes, simplified as they are made. */
export function lowerGraph({ calls, leaves, wanted }: PendingGraph, roleOf: (leaf: LazyValue, index: number) => LeafRole): LoweredGraph {
  const graph = new Graph()
  const nodes = new Map<RecordedCall, readonly Ir[]>()
  const leafNodes = new Map<LazyValue, Ir>(
    leaves.map((leaf, index) => {
      const role = roleOf(leaf, index)
      return [leaf, role === 'constant' ? constant(graph, leaf) : graph.leaf(index, leaf, role)]
    }),
  )
  const nodeOf = (value: LazyValue): Ir => {
    const node = value.call === null ? leafNodes.get(value) : nodes.get(value.call)?.[value.index]
    if (node === undefined) throw new Error('a value was used before it was lowered')
    return node
  }
  for (const call of calls) nodes.set(call, lowerCall(graph, call, nodeOf))
  const outputs = wanted.map(nodeOf)
  return { live: liveNodes(outputs), outputs }
}

/** From this many elements on, a frozen value is kept in the layout that graphs want it in. */
const LARGE = 1024

function constant(graph: Graph, leaf: LazyValue): Ir {
  const { data, shape, dtype, frozenAs } = leaf
  const isLarge = data !== null && data.length >= LARGE && shape.length === 4
  return frozenAs !== 0 && isLarge ? graph.stored(leaf, data, leaf) : graph.constant(leaf.peek(), shape, dtype)
}

function lowerCall(graph: Graph, call: RecordedCall, nodeOf: (value: LazyValue) => Ir): readonly Ir[] {
  const { kernel } = call
  if (kernel.lower === null) throw kernelNotExportable(kernel.name)
  const lowered = kernel.lower(
    graph,
    call.inputs.map((input) => (input === null ? null : nodeOf(input))),
    call.attributes,
  )
  for (const [index, { shape, dtype }] of call.outputs.entries()) {
    const made = lowered[index]
    if (!sameShape(made.shape, shape) || made.dtype !== dtype)
      throw new Error(`${kernel.name} promised ${dtype} [${shape.join(', ')}] and gave ${made.dtype} [${made.shape.join(', ')}]`)
  }
  return lowered
}

/** Nodes are numbered in the order of their making, inputs before users. */
function liveNodes(outputs: readonly Ir[]): readonly Ir[] {
  const live = new Set<Ir>()
  const stack = [...outputs]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (live.has(node)) continue
    live.add(node)
    stack.push(...node.inputs)
  }
  return [...live].sort((a, b) => a.id - b.id)
}
