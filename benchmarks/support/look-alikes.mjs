/** Repeatable numbers in [0, 1). */
function numbers(seed) {
  let state = (seed * 7919 + 1) >>> 0
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}

/**
 * Another part on the same line: the picture moved by a fraction of a pixel, a little brighter or darker, with sensor noise of its own.
 * @returns {import('@im-iad/images').PixelImage}
 */
export function lookAlike({ width, height, channels, data }, seed, { shift = 0.3, gain = 0.005, noise = 2 } = {}) {
  const uniform = numbers(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const [dx, dy, factor] = [shift * normal(), shift * normal(), 1 + gain * normal()]
  const clamp = (value, most) => Math.min(most - 1.001, Math.max(0, value))
  const moved = new Uint8Array(data.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = [clamp(x + dx, width), clamp(y + dy, height)]
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)]
      const [right, low] = [fromX - left, fromY - top]
      for (let channel = 0; channel < channels; channel++) {
        const at = (row, column) => data[(row * width + column) * channels + channel]
        const above = at(top, left) * (1 - right) + at(top, left + 1) * right
        const below = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right
        const level = (above * (1 - low) + below * low) * factor + noise * normal()
        moved[(y * width + x) * channels + channel] = Math.max(0, Math.min(255, Math.round(level)))
      }
    }
  return { width, height, channels, data: moved }
}
