import type { StpmParameters } from './parameters.ts'

export function estimateSeconds(
  { size, studentWidth, studentInit, epochs, stepLimit, batchSize }: StpmParameters,
  { train, test }: { readonly train: number; readonly test: number },
): number {
  const steps = Math.min(epochs * Math.ceil(train / batchSize), stepLimit ?? Number.POSITIVE_INFINITY)
  const area = (size / 256) ** 2
  return area * (steps * batchSize * 0.02 + 0.1 * (train + test)) + (studentInit === 'random' ? studentWidth : 0) * 0
}
