/** Side of a cell, in pixels. */
export const CELL = 8

/**
 * Mean colours of all cells of a batch.
 * @param {import('@im-iad/core').ImageBatch} batch height and width are multiples of 8
 * @returns {Float64Array} `[count, height / 8, width / 8, 3]`, each in [0, 255]
 */
export function cellColours({ count, height, width, pixels }) {
  const [rows, columns] = [height / CELL, width / CELL]
  const colours = new Float64Array(count * rows * columns * 3)
  for (let line = 0; line < count * height; line++) {
    // The lines of all pictures follow one another, and so do the rows of cells: 8 lines make a row.
    const row = Math.floor(line / CELL)
    for (let x = 0; x < width; x++) {
      const cell = (row * columns + Math.floor(x / CELL)) * 3
      const pixel = (line * width + x) * 3
      for (let channel = 0; channel < 3; channel++) colours[cell + channel] += pixels[pixel + channel] / (CELL * CELL)
    }
  }
  return colours
}
