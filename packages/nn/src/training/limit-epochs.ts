import { stepsPerEpoch, type BatchOrder } from './batch-order.ts'

/**
 * The epochs of a training that has a budget of steps: as many whole ones as fit into it, one at least, `epochs` at most. So the time that a training takes does not grow with the number of pictures.
 * @param stepLimit - `null`: no limit
 */
export function limitEpochs(
  epochs: number,
  stepLimit: number | null,
  order: Pick<BatchOrder, 'sampleCount' | 'batchSize' | 'lastBatch'>,
): number {
  if (stepLimit === null) return epochs
  return Math.min(epochs, Math.max(1, Math.floor(stepLimit / stepsPerEpoch(order))))
}
