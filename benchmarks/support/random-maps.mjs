/**
 * Continuous anomaly maps with defects, the same on every machine: smooth random fields (bilinear interpolation of a coarse grid of uniform numbers, plus fine noise),
 * raised inside elliptic defects. Half of the maps have one to three defects.
 * @param {{count: number, size: number, seed?: number}} options
 */
export function randomMaps({ count, size, seed = 1 }) {
  const uniform = mulberry32(seed)
  return Array.from({ length: count }, (_, index) => {
    const map = smoothField(size, uniform)
    const mask = new Uint8Array(size * size)
    if (index % 2 === 0) for (let defect = 0; defect <= index % 3; defect++) addDefect(map, mask, size, uniform)
    return { width: size, height: size, map, mask, regions: [] }
  })
}

function smoothField(size, uniform) {
  const cells = 9
  const grid = Float64Array.from({ length: cells * cells }, uniform)
  const map = new Float32Array(size * size)
  for (let y = 0; y < size; y++) {
    const v = (y / size) * (cells - 1)
    const row = Math.floor(v)
    for (let x = 0; x < size; x++) {
      const u = (x / size) * (cells - 1)
      const column = Math.floor(u)
      const at = (down, right) => grid[(row + down) * cells + column + right]
      const top = at(0, 0) * (1 - u + column) + at(0, 1) * (u - column)
      const bottom = at(1, 0) * (1 - u + column) + at(1, 1) * (u - column)
      map[y * size + x] = top * (1 - v + row) + bottom * (v - row) + 0.1 * uniform()
    }
  }
  return map
}

function addDefect(map, mask, size, uniform) {
  const [centerX, centerY, radiusX, radiusY] = [
    uniform() * size,
    uniform() * size,
    (0.04 + 0.08 * uniform()) * size,
    (0.04 + 0.08 * uniform()) * size,
  ]
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (((x - centerX) / radiusX) ** 2 + ((y - centerY) / radiusY) ** 2 < 1) {
        if (mask[y * size + x] === 0) map[y * size + x] += 0.4 * uniform()
        mask[y * size + x] = 1
      }
}

/** A 32-bit generator (Tommy Ettinger's mulberry32): enough for data to measure on. */
export function mulberry32(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}
