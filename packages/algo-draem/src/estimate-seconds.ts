import type { DraemParameters } from './parameters.ts'

/** Billions of multiplications of one forward pass with width 1 at 256x256, by network. */
const RESTORER = 159.9 / 128 ** 2
const SEGMENTER = 38.1 / 64 ** 2

/** Compiling and the first step. */
const START_SECONDS = 5
/** What a step costs however small its networks are. */
const STEP_SECONDS = 0.04
/** A forward pass of one picture: of a billion multiplications, and of each channel of width at 256x256, for what convolutions move. Training takes three times as long. */
const MULTIPLICATIONS_SECONDS = 0.011
const CHANNEL_SECONDS = 0.0039

/**
 * On two cores. Fitted to the processor time of training steps at five points (the package's README has them), half of it each, and within a third of all of them; at the widths of `paper`, which are far
 * beyond, it is an extrapolation.
 */
export function estimateSeconds(
  { size, restorerWidth, segmenterWidth, epochs, stepLimit, batchSize, statisticsBatches }: DraemParameters,
  { train, test }: { readonly train: number; readonly test: number },
): number {
  const batch = Math.min(batchSize, train)
  const steps = Math.min(epochs * Math.ceil(train / batchSize), stepLimit ?? Number.POSITIVE_INFINITY)
  const multiplications = RESTORER * restorerWidth ** 2 + SEGMENTER * segmenterWidth ** 2
  const forward = (size / 256) ** 2 * (MULTIPLICATIONS_SECONDS * multiplications + CHANNEL_SECONDS * (restorerWidth + segmenterWidth))
  const statistics = epochs === 0 ? 0 : statisticsBatches * batch * forward
  return START_SECONDS + steps * (STEP_SECONDS + batch * 3 * forward) + statistics + (train + test) * forward
}
