import type { ImageBatch } from '@im-iad/core'

/** Pictures at one scale: every pixel, or every second, or every fourth, of each row and column. */
export function atScale({ count, height, width, pixels }: ImageBatch, scale: number): ImageBatch {
  if (scale === 0) return { count, height, width, pixels }
  const step = 2 ** scale
  const [rows, columns] = [height / step, width / step]
  const kept = new Uint8Array(count * rows * columns * 3)
  let target = 0
  for (let image = 0; image < count; image++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++, target += 3) {
        const source = ((image * height + row * step) * width + column * step) * 3
        kept[target] = pixels[source]
        kept[target + 1] = pixels[source + 1]
        kept[target + 2] = pixels[source + 2]
      }
  return { count, height: rows, width: columns, pixels: kept }
}
