import type { KernelDefinition } from '../kernels/kernel-definition.ts'
import type { Facts } from '../facts.ts'
import { LazyValue } from './lazy-value.ts'

/** The attributes of a kernel call, as tfjs gives them. */
export type Attributes = Readonly<Record<string, unknown>>

/** One kernel call that was recorded and not yet computed. */
export class RecordedCall {
  readonly kernel: KernelDefinition
  /** `null` stands for an optional input that was left out. */
  readonly inputs: readonly (LazyValue | null)[]
  readonly attributes: Attributes
  /** The same number for calls of the same kernel, attributes and presence of inputs. */
  readonly kind: number
  readonly outputs: readonly LazyValue[]

  constructor(
    kernel: KernelDefinition,
    inputs: readonly (LazyValue | null)[],
    attributes: Attributes,
    outputs: readonly Facts[],
    kind: number = internKind(kernel.name, inputs, attributes),
  ) {
    this.kernel = kernel
    this.inputs = inputs
    this.attributes = attributes
    this.kind = kind
    this.outputs = outputs.map((facts, index) => LazyValue.pending(facts, this, index))
  }
}

const kinds = new Map<string, number>()

/** A small number for a text: equal texts, equal numbers. */
export function intern(text: string): number {
  const known = kinds.get(text)
  if (known !== undefined) return known
  kinds.set(text, kinds.size)
  return kinds.size - 1
}

function internKind(name: string, inputs: readonly (LazyValue | null)[], attributes: Attributes): number {
  const present = inputs.map((input) => (input === null ? '-' : '+')).join('')
  return intern(`${name}${present}${JSON.stringify(attributes, keepNonFinite)}`)
}

/** JSON has no infinities: they would all look like `null`. */
function keepNonFinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
