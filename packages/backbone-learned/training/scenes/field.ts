import type { RandomStream } from '@im-iad/core'
import { between } from './draws.ts'

/** Brightness of a square of `size` x `size` pixels, row by row. */
export type Field = Float32Array

export function fieldOf(size: number, value: (x: number, y: number, index: number) => number): Field {
  const field = new Float32Array(size * size)
  for (let y = 0, index = 0; y < size; y++) for (let x = 0; x < size; x++, index++) field[index] = value(x, y, index)
  return field
}

/** Brings the values to 0…1, in place. A field without contrast becomes 0.5. */
export function stretch(field: Field): Field {
  let low = Infinity
  let high = -Infinity
  for (const value of field) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const range = high - low
  for (let index = 0; index < field.length; index++) field[index] = range > 0 ? (field[index] - low) / range : 0.5
  return field
}

/** Random numbers on a lattice, smoothly interpolated. 0…1. @param across - lattice cells per side, along x; `down` along y */
export function latticeField(size: number, across: number, down: number, random: RandomStream): Field {
  const columns = axis(size, across, random.uniform())
  const rows = axis(size, down, random.uniform())
  const width = columns.cells + 2
  const grid = Float32Array.from({ length: width * (rows.cells + 2) }, () => random.uniform())
  return fieldOf(size, (x, y, _index) => {
    const corner = rows.cell[y] * width + columns.cell[x]
    const right = columns.share[x]
    const top = grid[corner] * (1 - right) + grid[corner + 1] * right
    const bottom = grid[corner + width] * (1 - right) + grid[corner + width + 1] * right
    return top + (bottom - top) * rows.share[y]
  })
}

interface Axis {
  readonly cells: number
  /** By pixel: the cell that it lies in, and how much of the next lattice point it takes. */
  readonly cell: Int32Array
  readonly share: Float32Array
}

function axis(size: number, frequency: number, phase: number): Axis {
  const cell = new Int32Array(size)
  const share = new Float32Array(size)
  for (let pixel = 0; pixel < size; pixel++) {
    const place = (pixel / size) * frequency + phase
    cell[pixel] = Math.floor(place)
    const t = place - cell[pixel]
    share[pixel] = t * t * (3 - 2 * t)
  }
  return { cells: Math.ceil(frequency + phase) + 1, cell, share }
}

export interface FractalOptions {
  /** Lattice cells per side of the coarsest octave. */
  readonly frequency: number
  readonly octaves: number
  /** An octave's strength as a share of the coarser one's; 0.5 when absent. */
  readonly gain?: number
  /** How many times as fine it is along y as along x; 1 when absent. */
  readonly anisotropy?: number
}

/** Octaves of lattice noise, each twice as fine as the one before; stretched to 0…1. */
export function fractalField(size: number, options: FractalOptions, random: RandomStream): Field {
  const { frequency, octaves, gain = 0.5, anisotropy = 1 } = options
  const sum = new Float32Array(size * size)
  for (let octave = 0, weight = 1; octave < octaves; octave++, weight *= gain) {
    const across = Math.min(frequency * 2 ** octave, size)
    const layer = latticeField(size, across, Math.min(across * anisotropy, size), random)
    for (let index = 0; index < sum.length; index++) sum[index] += weight * layer[index]
  }
  return stretch(sum)
}

/** The value at a point between pixels; what lies outside is mirrored. */
export function sampleField(field: Field, size: number, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)]
  const [left, right] = [mirror(column, size), mirror(column + 1, size)]
  const [top, bottom] = [mirror(row, size) * size, mirror(row + 1, size) * size]
  const [across, down] = [x - column, y - row]
  const upper = field[top + left] * (1 - across) + field[top + right] * across
  const lower = field[bottom + left] * (1 - across) + field[bottom + right] * across
  return upper + (lower - upper) * down
}

function mirror(place: number, size: number): number {
  const period = 2 * size
  const inside = ((place % period) + period) % period
  return inside < size ? inside : period - 1 - inside
}

/** The mean over (2 `radius` + 1) pixels both ways, borders repeated, in place. Three in turn come close to a Gaussian. */
export function boxBlur(field: Field, size: number, radius: number): Field {
  const line = new Float32Array(size)
  for (let row = 0; row < size; row++) blurLine(field, row * size, 1, size, radius, line)
  for (let column = 0; column < size; column++) blurLine(field, column, size, size, radius, line)
  return field
}

function blurLine(field: Field, start: number, step: number, size: number, radius: number, line: Float32Array): void {
  for (let place = 0; place < size; place++) line[place] = field[start + place * step]
  let sum = 0
  for (let place = -radius; place <= radius; place++) sum += line[clampTo(place, size)]
  for (let place = 0; place < size; place++) {
    field[start + place * step] = sum / (2 * radius + 1)
    sum += line[clampTo(place + radius + 1, size)] - line[clampTo(place - radius, size)]
  }
}

function clampTo(place: number, size: number): number {
  return place < 0 ? 0 : place >= size ? size - 1 : place
}

/** Light from one side on a surface of that height: the slope along a direction, stretched to 0…1. */
export function relief(height: Field, size: number, random: RandomStream): Field {
  const angle = between(random, 0, 2 * Math.PI)
  const [across, down] = [Math.cos(angle), Math.sin(angle)]
  return stretch(
    fieldOf(size, (x, y, index) => {
      const right = height[y * size + clampTo(x + 1, size)] - height[y * size + clampTo(x - 1, size)]
      const below = height[clampTo(y + 1, size) * size + x] - height[clampTo(y - 1, size) * size + x]
      return right * across + below * down + 0.15 * height[index]
    }),
  )
}
