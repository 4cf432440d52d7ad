import type { StpmParameters } from './parameters.ts'

/** Measured on two cores at 256x256, for one picture: a step of a student of width 16 and of ResNet-18 itself, extraction with the embedded backbone. */
const SECONDS = { step: 0.025, stepOfFullWidth: 0.095, features: 0.06 } as const

/** To an order of magnitude. */
export function estimateSeconds(
  { size, studentWidth, epochs, stepLimit, batchSize }: StpmParameters,
  { train, test }: { readonly train: number; readonly test: number },
): number {
  const steps = Math.min(epochs * Math.ceil(train / batchSize), stepLimit ?? Number.POSITIVE_INFINITY)
  const step = SECONDS.step + SECONDS.stepOfFullWidth * (studentWidth / 64) ** 2
  return (size / 256) ** 2 * (steps * Math.min(batchSize, train) * step + SECONDS.features * (train + test))
}
