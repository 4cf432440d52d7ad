import { allocate, sizeOf, type ElementType, type Facts, type Values } from '../facts.ts'
import { convertLayout, type Layout } from '../layout.ts'
import type { RecordedCall } from './recorded-call.ts'

/**
 * A tensor that is either still to be computed (`call` says by what) or there (`data`). Handles of tfjs point to it; calls that use it hold it, so disposing a handle
 * never takes away what a pending computation needs.
 */
export class LazyValue implements Facts {
  readonly shape: readonly number[]
  readonly dtype: ElementType
  /** What computes it; `null` once it has data. */
  call: RecordedCall | null
  /** Which of the call's outputs it is. */
  readonly index: number
  data: Values | null = null
  /** How `data` lies in memory. */
  layout: Layout = 'logical'
  /** How many handles of tfjs point to values that are still to be computed. */
  static pendingHandles = 0
  static #frozen = 0
  #handles = 0
  /** Whether a `tf.Variable` has held it: its layout is then free to choose. */
  isVariable = false
  /** Not 0 once the program has promised that these elements are here to stay: they become constants of compiled graphs. */
  frozenAs = 0

  private constructor(facts: Facts, call: RecordedCall | null, index: number) {
    this.shape = facts.shape
    this.dtype = facts.dtype
    this.call = call
    this.index = index
  }

  static written(data: Values, shape: readonly number[], dtype: ElementType, layout: Layout = 'logical'): LazyValue {
    const value = new LazyValue({ shape, dtype }, null, 0)
    value.data = data
    value.layout = layout
    return value
  }

  static pending(facts: Facts, call: RecordedCall, index: number): LazyValue {
    return new LazyValue(facts, call, index)
  }

  /** How many handles of tfjs point to it. */
  get handles(): number {
    return this.#handles
  }

  addHandle(): void {
    this.#handles++
    if (this.call !== null) LazyValue.pendingHandles++
  }

  removeHandle(): void {
    this.#handles--
    if (this.call !== null) LazyValue.pendingHandles--
  }

  /** Marks it as a constant, under a number that no other value has. */
  freeze(): void {
    if (this.frozenAs === 0) this.frozenAs = ++LazyValue.#frozen
  }

  /** Gives it its elements and forgets how they came to be. */
  fulfil(data: Values, layout: Layout): void {
    if (this.call !== null) LazyValue.pendingHandles -= this.#handles
    this.data = data
    this.layout = layout
    this.call = null
  }

  /** Its elements as tfjs orders them. */
  peek(): Values {
    if (sizeOf(this.shape) === 0) return allocate(this.dtype, 0)
    if (this.data === null) throw new Error('a pending value has no elements')
    return convertLayout(this.data, this, this.layout, 'logical')
  }

  /** Its elements in the given layout; they are kept in that layout from now on. */
  elements(layout: Layout): Values {
    if (sizeOf(this.shape) === 0) return allocate(this.dtype, 0)
    if (this.data === null) throw new Error('a pending value has no elements')
    if (this.layout !== layout) {
      this.data = convertLayout(this.data, this, this.layout, layout)
      this.layout = layout
    }
    return this.data
  }
}
