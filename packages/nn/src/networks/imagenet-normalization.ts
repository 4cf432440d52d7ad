import type { PixelNormalization } from '../training/pixel-batch.ts'

/** Mean and standard deviation of ImageNet's pixels per RGB channel, as torchvision and timm have them, in units of 0…255. */
export const IMAGENET_NORMALIZATION: PixelNormalization = {
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
}
