import { readFileSync } from 'node:fs'

/** Twenty values spread over an array, and its largest magnitude. */
export interface Summary {
  readonly largest: number
  readonly values: readonly number[]
}

interface Reference {
  readonly inference: Readonly<Record<string, Summary>>
  readonly training: Readonly<Record<string, Summary>>
  readonly prediction: { readonly map: Summary; readonly scores: readonly number[] }
  readonly running: Readonly<Record<string, readonly number[]>>
  /** Squared error, dissimilarity, focal loss. */
  readonly parts: readonly number[]
  /** In PyTorch's layout. */
  readonly gradients: Readonly<Record<string, { readonly norm: number; readonly first: readonly number[] }>>
  /** Of the loss, along a direction of every block's parameters. */
  readonly differences: Readonly<Record<string, number>>
  readonly steps: readonly number[]
}

export const REFERENCE: Reference = JSON.parse(readFileSync(new URL('../fixtures/reference.json', import.meta.url), 'utf8')) as Reference

/** The largest difference from the reference, relative to its largest magnitude. */
export function differenceFrom({ largest, values }: Summary, actual: Float32Array): number {
  const places = values.map((_, index) => Math.floor((index * (actual.length - 1)) / (values.length - 1)))
  const magnitude = actual.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const differences = values.map((value, index) => Math.abs(value - actual[places[index]]))
  return Math.max(...differences, Math.abs(magnitude - largest)) / largest
}
