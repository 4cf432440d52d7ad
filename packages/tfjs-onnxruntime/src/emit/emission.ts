import type { Attribute, GraphBuilder, NodeOptions, Value } from '@im-iad/onnx'
import { sizeOf, type ElementType } from '../facts.ts'
import type { Ir } from '../graph/ir.ts'
import { convertLayout, movesNothing, orderOf, permutation, physicalShape, sameBytes, type Layout } from '../layout.ts'

/** What emitters write to: an ONNX graph, and for every graph node the values that hold it, by layout. */
export class Emission {
  readonly builder: GraphBuilder
  /** Whether operators of ONNX Runtime's own are allowed. */
  readonly portable: boolean
  readonly #layouts: ReadonlyMap<Ir, Layout>
  readonly #values = new Map<Ir, Map<string, Value>>()
  readonly #tuples = new Map<Ir, { readonly layout: Layout; readonly values: readonly Value[] }>()
  readonly #integers = new Map<string, Value>()
  readonly #usedParts: ReadonlySet<string>

  constructor(builder: GraphBuilder, layouts: ReadonlyMap<Ir, Layout>, live: readonly Ir[], portable: boolean) {
    this.builder = builder
    this.portable = portable
    this.#layouts = layouts
    this.#usedParts = new Set(
      live.filter(({ op }) => op === 'Part').map(({ inputs, attributes }) => `${inputs[0].id}.${attributes['index']}`),
    )
  }

  /** The layout that was chosen for a node. */
  layoutOf(ir: Ir): Layout {
    return this.#layouts.get(ir) ?? 'logical'
  }

  /** Whether anything uses this output of a node that has several. */
  isUsed(tuple: Ir, index: number): boolean {
    return this.#usedParts.has(`${tuple.id}.${index}`)
  }

  put(ir: Ir, layout: Layout, value: Value): void {
    this.#remember(ir, layout, value)
  }

  /** The outputs of a node that has several; those of four axes lie in the given layout. */
  putTuple(ir: Ir, layout: Layout, values: readonly Value[]): void {
    this.#tuples.set(ir, { layout, values })
  }

  /** Makes one output of such a node the value of `part`. */
  putPart(part: Ir, index: number): void {
    const [tuple] = part.inputs
    const outputs = this.#tuples.get(tuple)
    const value = outputs?.values[index]
    if (outputs === undefined || value === undefined) throw new Error(`${tuple.op} has no output ${index}`)
    this.put(part, part.shape.length === 4 ? outputs.layout : 'logical', value)
  }

  /** The value of a node in the given layout, moved there if need be. */
  get(ir: Ir, layout: Layout): Value {
    const held = this.#values.get(ir)
    const known = held?.get(layout)
    if (known !== undefined) return known
    return this.#remember(ir, layout, ir.values === null ? this.#move(ir, held ?? new Map(), layout) : this.#constant(ir, layout))
  }

  /** The value of an operand that is to broadcast against tensors of `rank` axes in the given layout. */
  aligned(ir: Ir, rank: number, layout: Layout): Value {
    if (layout === 'logical' || ir.shape.length === rank || sizeOf(ir.shape) === 1)
      return this.get(ir, ir.shape.length === rank ? layout : 'logical')
    const key = `aligned ${layout}`
    const known = this.#values.get(ir)?.get(key)
    if (known !== undefined) return known
    const padded = [...Array.from({ length: rank - ir.shape.length }, () => 1), ...ir.shape]
    return this.#remember(ir, key, this.#reorder(this.get(ir, 'logical'), padded, 'logical', layout, ir.shape))
  }

  /** A node of one output. */
  node(
    operator: string,
    inputs: readonly (Value | null)[],
    attributes?: Readonly<Record<string, Attribute>>,
    options?: NodeOptions,
  ): Value {
    return this.builder.node(operator, inputs, attributes, options)
  }

  /** An int64 vector; equal ones exist once. */
  integers(values: readonly number[]): Value {
    const key = values.join()
    const known = this.#integers.get(key) ?? this.builder.integers(...values)
    this.#integers.set(key, known)
    return known
  }

  reshape(value: Value, shape: readonly number[]): Value {
    return this.node('Reshape', [value, this.integers(shape)])
  }

  transpose(value: Value, order: readonly number[]): Value {
    return this.node('Transpose', [value], { perm: order })
  }

  /** `a · b` on the last two axes, with transposed operands on request. */
  matrixProduct(
    a: Value,
    b: Value,
    [rankA, rankB]: readonly [number, number],
    transposeA: boolean,
    transposeB: boolean,
    dtype: ElementType = 'float32',
  ): Value {
    if (!transposeA && !transposeB) return this.node('MatMul', [a, b])
    if (!this.portable && dtype === 'float32')
      return this.node('FusedMatMul', [a, b], { transA: Number(transposeA), transB: Number(transposeB) }, { domain: 'com.microsoft' })
    return this.node('MatMul', [
      transposeA ? this.transpose(a, lastTwoSwapped(rankA)) : a,
      transposeB ? this.transpose(b, lastTwoSwapped(rankB)) : b,
    ])
  }

  #constant(ir: Ir, layout: Layout): Value {
    if (ir.values === null) throw new Error('not a constant')
    const values = ir.stored === null ? convertLayout(ir.values, ir, 'logical', layout) : ir.stored.elements(layout)
    return this.builder.constant(values, physicalShape(ir.shape, layout))
  }

  #move(ir: Ir, held: ReadonlyMap<string, Value>, layout: Layout): Value {
    for (const [from, value] of held) if (isLayout(from)) return this.#reorder(value, ir.shape, from, layout)
    throw new Error(`${ir.op} was not emitted before it was used`)
  }

  /** A value of four axes in another layout; a reshape where no element moves. */
  #reorder(value: Value, shape: readonly number[], from: Layout, to: Layout, given: readonly number[] = physicalShape(shape, from)): Value {
    const target = physicalShape(shape, to)
    // 0 keeps the first axis as it is: an exported graph of such moves takes other batches than the example's.
    const keepsFirst = this.portable && given.length === shape.length && orderOf(from, 4)[0] === orderOf(to, 4)[0]
    if (sameBytes(shape, from, to)) return this.reshape(value, keepsFirst ? [0, ...target.slice(1)] : target)
    return this.transpose(
      given.length === shape.length ? value : this.reshape(value, physicalShape(shape, from)),
      permutation(from, to, shape.length),
    )
  }

  #remember(ir: Ir, key: string, value: Value): Value {
    const held = this.#values.get(ir) ?? new Map<string, Value>()
    held.set(key, value)
    this.#values.set(ir, held)
    return value
  }
}

/** The permutation that swaps the last two of `rank` axes. */
export function lastTwoSwapped(rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : axis === rank - 2 ? rank - 1 : rank - 2))
}

/** A transposition in the given layouts: the permutation of physical axes, and whether it moves anything. */
export function physicalOrder(
  ir: Ir,
  order: readonly number[],
  from: Layout,
  to: Layout,
): { readonly order: readonly number[]; readonly moves: boolean } {
  const source = orderOf(from, ir.inputs[0].shape.length)
  const physical = orderOf(to, ir.shape.length).map((axis) => source.indexOf(order[axis]))
  return { order: physical, moves: !movesNothing(physicalShape(ir.inputs[0].shape, from), physical) }
}

function isLayout(key: string): key is Layout {
  return key === 'logical' || key === 'channels-first' || key === 'filter-first'
}
