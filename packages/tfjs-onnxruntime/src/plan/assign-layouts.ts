import { sizeOf, sameShape } from '../facts.ts'
import type { Ir } from '../graph/ir.ts'
import { LAYOUTS, sameBytes, type Layout } from '../layout.ts'
import { keepsAxes } from '../emit/indexing.ts'

/** Which layouts an operator's inputs and output are computed in; `null` where any will do. */
const FIXED: Readonly<Record<string, { readonly inputs: readonly (Layout | null)[]; readonly output: Layout }>> = {
  AveragePool: { inputs: ['channels-first'], output: 'channels-first' },
  BatchNorm: { inputs: ['channels-first'], output: 'channels-first' },
  BatchNormTraining: { inputs: ['channels-first'], output: 'channels-first' },
  Conv: { inputs: ['channels-first', 'filter-first'], output: 'channels-first' },
  ConvFilterGrad: { inputs: ['channels-first', 'channels-first'], output: 'filter-first' },
  ConvInputGrad: { inputs: ['channels-first', 'filter-first'], output: 'channels-first' },
  Einsum: { inputs: ['logical', 'logical'], output: 'logical' },
  GatherND: { inputs: ['logical'], output: 'logical' },
  MatrixProduct: { inputs: ['logical', 'logical'], output: 'logical' },
  MaxPool: { inputs: ['channels-first'], output: 'channels-first' },
  MaxPoolGrad: { inputs: ['channels-first', 'channels-first'], output: 'channels-first' },
  Resample: { inputs: ['channels-first'], output: 'channels-first' },
  ScatterND: { inputs: ['logical', 'logical', 'logical'], output: 'logical' },
  SumPoolGrad: { inputs: ['channels-first'], output: 'channels-first' },
  TopK: { inputs: ['logical'], output: 'logical' },
}

/** Operators that work in any layout, and whose inputs of four axes should lie as their output does. */
const FOLLOWING: ReadonlySet<string> = new Set([
  'Broadcast',
  'ChannelAffine',
  'Concat',
  'CumulativeSum',
  'Elementwise',
  'Pad',
  'Part',
  'Slice',
  'Softmax',
  'Tile',
])

/**
 * Chooses a layout for every node of four axes so that little has to be transposed. Nodes joined by operators that work in any layout form a group; operators that need
 * a layout vote for it with the number of elements that they would otherwise have moved; each group takes the layout with the most votes.
 */
export function assignLayouts(live: readonly Ir[], logicalOutputs: readonly Ir[]): ReadonlyMap<Ir, Layout> {
  const groups = new Groups()
  for (const ir of live)
    if (ir.op === 'ChannelDot') groups.join(ir.inputs[0], ir.inputs[1])
    else if (ir.shape.length === 4 && (FOLLOWING.has(ir.op) || (ir.op === 'Gather' && keepsAxes(ir))))
      for (const input of ir.inputs) if (input.shape.length === 4 && follows(ir, input)) groups.join(ir, input)
  for (const ir of live) castVotes(groups, ir)
  for (const ir of logicalOutputs) groups.vote(ir, 'logical')
  return new Map(live.filter(({ shape }) => shape.length === 4).map((ir) => [ir, groups.choice(ir)]))
}

/** Small operands that broadcast are moved for next to nothing: they don't tie groups together. */
function follows(ir: Ir, input: Ir): boolean {
  return ir.op !== 'Elementwise' || sameShape(ir.shape, input.shape)
}

function castVotes(groups: Groups, ir: Ir): void {
  const fixed = FIXED[ir.op]
  if (fixed !== undefined) {
    groups.vote(ir, fixed.output)
    for (const [index, input] of ir.inputs.entries()) {
      const wanted = fixed.inputs[index]
      if (wanted !== null && wanted !== undefined) groups.vote(input, wanted)
    }
  } else if (ir.op === 'Reshape') {
    groups.vote(ir, 'logical')
    groups.vote(ir.inputs[0], 'logical')
  } else if (ir.op === 'Leaf' && ir.attributes['source'] === 'data') groups.vote(ir, 'logical')
  else if (ir.op === 'Gather' && !keepsAxes(ir)) {
    groups.vote(ir, 'logical')
    groups.vote(ir.inputs[0], 'logical')
  }
}

/** Disjoint sets of nodes (union by attaching, with path halving) and their votes. */
class Groups {
  readonly #parents = new Map<Ir, Ir>()
  readonly #votes = new Map<Ir, Map<Layout, number>>()

  join(a: Ir, b: Ir): void {
    const [left, right] = [this.#find(a), this.#find(b)]
    if (left !== right) this.#parents.set(left, right)
  }

  /** A vote weighs as many elements as another layout would move; none where it would move nothing. All groups must be joined before the first vote. */
  vote(ir: Ir, layout: Layout): void {
    if (ir.shape.length !== 4 || LAYOUTS.every((other) => sameBytes(ir.shape, layout, other))) return
    const root = this.#find(ir)
    const votes = this.#votes.get(root) ?? new Map<Layout, number>()
    votes.set(layout, (votes.get(layout) ?? 0) + sizeOf(ir.shape))
    this.#votes.set(root, votes)
  }

  choice(ir: Ir): Layout {
    const votes = this.#votes.get(this.#find(ir))
    let best: Layout = 'logical'
    for (const layout of LAYOUTS) if ((votes?.get(layout) ?? 0) > (votes?.get(best) ?? 0)) best = layout
    return best
  }

  #find(ir: Ir): Ir {
    let node = ir
    for (let parent = this.#parents.get(node); parent !== undefined; parent = this.#parents.get(node)) node = parent
    if (node !== ir) this.#parents.set(ir, node)
    return node
  }
}
