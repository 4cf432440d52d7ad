/** An 8-bit picture in memory. */
export interface PixelImage {
  readonly width: number
  readonly height: number
  /** 1: grey. 3: RGB. */
  readonly channels: 1 | 3
  /** uint8 `[height, width, channels]`, 0…255. */
  readonly data: Uint8Array
}
