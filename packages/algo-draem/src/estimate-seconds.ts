import type { DraemParameters } from './parameters.ts'

/** Billions of multiplications of one forward pass with width 1 at 256x256, by network. */
const RESTORER = 159.9 / 128 ** 2
const SEGMENTER = 38.1 / 64 ** 2

/** Compiling and the first step. */
const START_SECONDS = 5
/** What a step costs however small its networks are. */
const STEP_SECONDS = 0.05

/**
 * Forward, backward and update go with the multiplications, and where networks are narrow with what their convolutions move. One point of it is measured, on two cores: 0.45 s for a step of `laptop`, for
 * which this gives 0.7 s; the rest is calculation.
 */
export function estimateSeconds(
  { size, restorerWidth, segmenterWidth, epochs, stepLimit, batchSize }: DraemParameters,
  { train, test }: { readonly train: number; readonly test: number },
): number {
  const steps = Math.min(epochs * Math.ceil(train / batchSize), stepLimit ?? Number.POSITIVE_INFINITY)
  const area = (size / 256) ** 2
  const forward = area * ((RESTORER * restorerWidth ** 2 + SEGMENTER * segmenterWidth ** 2) / 40 + (restorerWidth + segmenterWidth) / 200)
  return START_SECONDS + steps * (STEP_SECONDS + Math.min(batchSize, train) * 3 * forward) + (train + test) * forward
}
