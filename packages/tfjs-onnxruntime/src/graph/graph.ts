import { sizeOf, type ElementType, type Facts, type Values } from '../facts.ts'
import type { Ir, IrAttributes } from './ir.ts'

/** Constants up to this many elements are compared by what they hold. */
const SMALL = 64

/**
 * Holds the nodes of one graph so that equal ones exist once (hash consing): common sub-expressions are found where they are made. The functions beside this file make
 * nodes, and simplify as they do.
 */
export class Graph {
  readonly #nodes = new Map<string, Ir>()
  #count = 0

  /** The node of this operator, inputs and attributes. */
  node(op: string, inputs: readonly Ir[], { shape, dtype }: Facts, attributes: IrAttributes = {}): Ir {
    const key = `${op}(${inputs.map((input) => input.id).join()})${JSON.stringify(attributes, keepNonFinite)}:${dtype}[${shape.join()}]`
    const known = this.#nodes.get(key)
    if (known !== undefined) return known
    const made: Ir = { id: this.#count++, op, inputs, attributes, shape, dtype, values: null, stored: null }
    this.#nodes.set(key, made)
    return made
  }

  /** Something that is fed when the plan runs. */
  leaf(index: number, facts: Facts, source: 'variable' | 'data'): Ir {
    return this.node('Leaf', [], facts, { index, source })
  }

  constant(values: Values, shape: readonly number[], dtype: ElementType): Ir {
    const key =
      values.length <= SMALL
        ? `Constant:${dtype}[${shape.join()}]${[...values].map((value) => (Object.is(value, -0) ? '-0' : value)).join()}`
        : null
    const known = key === null ? undefined : this.#nodes.get(key)
    if (known !== undefined) return known
    const made: Ir = { id: this.#count++, op: 'Constant', inputs: [], attributes: {}, shape, dtype, values, stored: null }
    if (key !== null) this.#nodes.set(key, made)
    return made
  }

  /** A constant whose elements lie elsewhere, in whatever layout was wanted last: a frozen filter is converted once, not for every graph. */
  stored(stored: NonNullable<Ir['stored']>, values: Values, { shape, dtype }: Facts): Ir {
    return { id: this.#count++, op: 'Constant', inputs: [], attributes: {}, shape, dtype, values, stored }
  }

  /** A constant without axes. */
  scalar(value: number, dtype: ElementType = 'float32'): Ir {
    return this.constant(
      dtype === 'float32' ? Float32Array.of(value) : dtype === 'int32' ? Int32Array.of(value) : Uint8Array.of(value),
      [],
      dtype,
    )
  }
}

/** The value of a constant of one element, `null` for anything else. */
export function scalarValue(ir: Ir): number | null {
  return ir.values !== null && sizeOf(ir.shape) === 1 ? ir.values[0] : null
}

function keepNonFinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
