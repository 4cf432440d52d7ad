import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** Numbers in [-scale, scale): x <- 1664525 x + 1013904223 mod 2^32 from the given seed, as scripts/make-training-fixtures.py draws them. */
export function uniform(seed: number, count: number, scale: number, offset = 0): Float32Array<ArrayBuffer> {
  let state = seed
  const values = new Float32Array(count)
  for (let index = 0; index < count; index++) {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    // Rounded twice, as PyTorch adds the offset in float32.
    values[index] = Math.fround((state / 2 ** 31 - 1) * scale) + offset
  }
  return values
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1)

/** A tensor whose axes are given in PyTorch's order and then permuted: `[0, 2, 3, 1]` for images, `[2, 3, 1, 0]` for filters. */
export function drawn(
  seed: number,
  shape: readonly number[],
  scale: number,
  order: readonly number[] = shape.map((_, axis) => axis),
  offset = 0,
): Tensor {
  return tf.tidy(() => tf.transpose(tf.tensor(uniform(seed, sizeOf(shape), scale, offset), [...shape]), [...order]))
}

export const IMAGE: readonly number[] = [0, 2, 3, 1]
export const FILTER: readonly number[] = [2, 3, 1, 0]

/** The same as a variable. */
export function parameter(seed: number, shape: readonly number[], scale: number, order?: readonly number[], offset?: number): Variable {
  return tf.tidy(() => tf.variable(drawn(seed, shape, scale, order, offset)))
}
