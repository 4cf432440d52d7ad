import FFT from 'fft.js'

/**
 * What makes a tile recognisable, whatever its exposure: its stains and scratches, and not its shading or the streaks that grinding leaves on every tile.
 * Two pictures are compared by the highest normalised cross-correlation over all shifts, because the publisher cropped each by hand.
 */

/** Side of the square in which pictures are compared, in pixels. */
const SIDE = 128
const fft = new FFT(SIDE)
/** Reused from pair to pair: there are hundreds of thousands. */
const product = new Float64Array(2 * SIDE * SIDE)
const correlation = new Float64Array(2 * SIDE * SIDE)
const rows = new Float64Array(2 * SIDE * SIDE)

/** @typedef {import('./pictures.mjs').Grey} Grey */

/** The texture's spectrum, interleaved complex `[SIDE, SIDE, 2]`. @param {Grey} picture no side over SIDE @param {{turned: boolean}} options turned: by 180° @returns {Float64Array} */
export function textureSpectrum(picture, { turned }) {
  const texture = normalisedTexture(picture)
  if (turned) texture.reverse()
  const square = new Float64Array(2 * SIDE * SIDE)
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) square[2 * (y * SIDE + x)] = texture[y * picture.width + x]
  const spectrum = new Float64Array(square.length)
  transform(square, spectrum, 'forward')
  return spectrum
}

/** The highest correlation of two textures over all shifts, at most 1. @param {Float64Array} left @param {Float64Array} right */
export function similarity(left, right) {
  for (let i = 0; i < left.length; i += 2) {
    product[i] = left[i] * right[i] + left[i + 1] * right[i + 1]
    product[i + 1] = left[i] * right[i + 1] - left[i + 1] * right[i]
  }
  transform(product, correlation, 'inverse')
  let highest = -1
  for (let i = 0; i < correlation.length; i += 2) if (correlation[i] > highest) highest = correlation[i]
  return highest
}

/** Zero mean, unit norm, shading and streaks removed, contrast made even. @param {Grey} picture */
function normalisedTexture({ width, height, data }) {
  const size = { width, height }
  const logarithm = data.map((level) => Math.log(level + 8))
  const detail = subtract(logarithm, blur(logarithm, size, 2.5, 2.5))
  const texture = subtract(detail, blur(detail, size, 0, 4))
  const energy = blur(
    texture.map((value) => value * value),
    size,
    5,
    5,
  )
  const even = texture.map((value, i) => Math.max(-3, Math.min(3, value / Math.sqrt(energy[i] + 1e-5))))
  const border = 2
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if (x < border || y < border || x >= width - border || y >= height - border) even[y * width + x] = 0
  const mean = even.reduce((sum, value) => sum + value, 0) / even.length
  const norm = Math.sqrt(even.reduce((sum, value) => sum + (value - mean) ** 2, 0))
  return even.map((value) => (value - mean) / norm)
}

/** @param {Float64Array} left @param {Float64Array} right */
function subtract(left, right) {
  return left.map((value, i) => value - right[i])
}

/** Gaussian blur with mirrored edges. @param {Float64Array} data @param {{width: number, height: number}} size @param {number} sigmaX 0: none @param {number} sigmaY */
function blur(data, { width, height }, sigmaX, sigmaY) {
  const horizontal = sigmaX === 0 ? data : blurLines(data, { lines: height, lineStride: width, length: width, stride: 1 }, sigmaX)
  return blurLines(horizontal, { lines: width, lineStride: 1, length: height, stride: width }, sigmaY)
}

/** @param {Float64Array} data @param {{lines: number, lineStride: number, length: number, stride: number}} layout @param {number} sigma */
function blurLines(data, { lines, lineStride, length, stride }, sigma) {
  const radius = Math.ceil(4 * sigma)
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const blurred = new Float64Array(data.length)
  for (let line = 0; line < lines; line++)
    for (let at = 0; at < length; at++) {
      let sum = 0
      for (let i = -radius; i <= radius; i++) sum += weights[i + radius] * data[line * lineStride + mirror(at + i, length) * stride]
      blurred[line * lineStride + at * stride] = sum / total
    }
  return blurred
}

/** @param {number} index @param {number} length */
function mirror(index, length) {
  const wrapped = ((index % (2 * length)) + 2 * length) % (2 * length)
  return wrapped < length ? wrapped : 2 * length - 1 - wrapped
}

/** Fourier transform over both axes, which change places; `from` is overwritten. @param {Float64Array} from @param {Float64Array} to @param {'forward' | 'inverse'} direction */
function transform(from, to, direction) {
  transformRows(from, rows, direction)
  transpose(rows, from)
  transformRows(from, to, direction)
}

/** @param {Float64Array} from @param {Float64Array} to @param {'forward' | 'inverse'} direction */
function transformRows(from, to, direction) {
  for (let start = 0; start < from.length; start += 2 * SIDE) {
    const row = to.subarray(start, start + 2 * SIDE)
    if (direction === 'forward') fft.transform(row, from.subarray(start, start + 2 * SIDE))
    else fft.inverseTransform(row, from.subarray(start, start + 2 * SIDE))
  }
}

/** @param {Float64Array} from @param {Float64Array} to */
function transpose(from, to) {
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      to[2 * (x * SIDE + y)] = from[2 * (y * SIDE + x)]
      to[2 * (x * SIDE + y) + 1] = from[2 * (y * SIDE + x) + 1]
    }
}
