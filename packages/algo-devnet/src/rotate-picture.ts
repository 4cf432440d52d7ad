/** A square picture, uint8 RGB `[size, size, 3]`, turned counter-clockwise about its centre: the nearest pixel, black where there is none (Pillow's `rotate`). @param angle - degrees */
export function rotatePicture(pixels: Uint8Array, size: number, angle: number): Uint8Array {
  const rotated = new Uint8Array(size * size * 3)
  const radians = (angle * Math.PI) / 180
  const [cosine, sine] = [Math.cos(radians), Math.sin(radians)]
  for (let y = 0, target = 0; y < size; y++)
    for (let x = 0; x < size; x++, target += 3) {
      const [right, down] = [x + 0.5 - size / 2, y + 0.5 - size / 2]
      const column = Math.floor(cosine * right - sine * down + size / 2)
      const row = Math.floor(sine * right + cosine * down + size / 2)
      if (column < 0 || column >= size || row < 0 || row >= size) continue
      const source = (row * size + column) * 3
      rotated[target] = pixels[source]
      rotated[target + 1] = pixels[source + 1]
      rotated[target + 2] = pixels[source + 2]
    }
  return rotated
}
