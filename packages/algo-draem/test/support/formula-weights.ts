import type { NamedTensor } from '@im-iad/weights'

/** Uniform in [-0.5, 0.5), times a scale, plus an offset: the hash of fixtures/make_reference.py. */
export function uniform(count: number, seed: number, scale: number = 1, offset: number = 0): Float32Array {
  const start = Math.imul(seed, 0x9e3779b1)
  const values = new Float32Array(count)
  for (let index = 0; index < count; index++) {
    let hash = (index + start) | 0
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    values[index] = (((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 - 0.5) * scale + offset
  }
  return values
}

export function seedOf(name: string): number {
  return [...name].reduce((value, character) => (value * 31 + character.charCodeAt(0)) % 65521, 7)
}

/** A parameter's values by its name and shape, as the Python script gives them. @param lifted - batch norms put nearly everything above 0 */
export function formulaValue(name: string, shape: readonly number[], lifted = false): NamedTensor {
  const count = shape.reduce((product, size) => product * size, 1)
  return { shape, data: uniform(count, seedOf(name), ...scaleOf(name, shape, lifted)) }
}

function scaleOf(name: string, shape: readonly number[], lifted: boolean): [scale: number, offset: number] {
  if (lifted && shape.length === 1 && !name.includes('running')) return name.endsWith('weight') ? [0.2, 0.4] : [0.2, 1.5]
  if (name.endsWith('running_mean')) return [0.2, 0]
  if (name.endsWith('running_var')) return [1, 1]
  if (shape.length === 1) return name.endsWith('weight') ? [0.4, 1] : [0.2, 0]
  const [output, , height, width] = shape
  return [Math.sqrt((12 * 2) / (output * height * width)), 0]
}
