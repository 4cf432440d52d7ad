import type { ImageBatch } from '@im-iad/core'

/** The grey value of a pixel, 0…255. */
export type Pattern = (x: number, y: number, channel: number) => number

/** One picture. */
export function picture(width: number, height: number, pattern: Pattern): ImageBatch {
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0, index = 0; y < height; y++)
    for (let x = 0; x < width; x++) for (let channel = 0; channel < 3; channel++, index++) pixels[index] = pattern(x, y, channel)
  return { count: 1, width, height, pixels }
}

/** The pattern of `fixtures/make_reference.py`: a chirp, a coloured disc and a hash as noise. */
export const referencePattern: Pattern = (x, y, channel) => {
  const chirp = Math.floor((x * x + 3 * x * y) / 16) % 64
  const disc = (x - 60) ** 2 + (y - 20) ** 2 < 150 ? 30 + 40 * channel : 0
  const noise = ((x * 7919) ^ (y * 104729) ^ (channel * 1299709)) % 23
  return 40 + chirp + disc + noise
}
