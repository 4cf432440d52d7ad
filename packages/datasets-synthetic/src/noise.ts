/** Value noise: a random number at every lattice point, smoothly interpolated. 0…1, the same on every machine. */
export type Noise = (x: number, y: number) => number

/** @param scaleX - lattice points per unit, along x; `scaleY` along y */
export function valueNoise(seed: number, scaleX: number, scaleY: number = scaleX): Noise {
  // Neighbouring pixels mostly lie in one cell, so the numbers at its corners are kept.
  let column = Number.NaN
  let row = Number.NaN
  const corners = new Float64Array(4)
  return (x, y) => {
    const u = x * scaleX
    const v = y * scaleY
    if (Math.floor(u) !== column || Math.floor(v) !== row) {
      column = Math.floor(u)
      row = Math.floor(v)
      for (let corner = 0; corner < 4; corner++) corners[corner] = lattice(seed, column + (corner & 1), row + (corner >> 1))
    }
    const right = smooth(u - column)
    const down = smooth(v - row)
    const top = corners[0] * (1 - right) + corners[1] * right
    const bottom = corners[2] * (1 - right) + corners[3] * right
    return top * (1 - down) + bottom * down
  }
}

/** Several octaves of value noise, each twice as fine and half as strong. 0…1. */
export function fractalNoise(seed: number, scale: number, octaves: number): Noise {
  const layers = Array.from({ length: octaves }, (_, octave) => valueNoise(seed + octave * 101, scale * 2 ** octave))
  const total = 2 - 2 ** (1 - octaves)
  return (x, y) => {
    let sum = 0
    let weight = 1
    for (const layer of layers) {
      sum += weight * layer(x, y)
      weight /= 2
    }
    return sum / total
  }
}

/** A random number in [0, 1) for a lattice point. */
export function lattice(seed: number, column: number, row: number): number {
  return latticeHash(seed, column, row) / 4294967296
}

/** 32 random bits for a lattice point: integer hashing only (the finaliser of MurmurHash3). */
export function latticeHash(seed: number, column: number, row: number): number {
  let hash = (Math.imul(column, 0x27d4eb2d) ^ Math.imul(row, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1)) | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t)
}
