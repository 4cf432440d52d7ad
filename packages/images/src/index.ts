export type { PixelImage } from './pixel-image.ts'
