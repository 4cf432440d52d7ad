import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { sync } from '../../src/index.ts'
import { expectClose, toTensor, type Plain } from './compare.ts'

type Compute = (...inputs: Tensor[]) => Tensor

/** Steps of the differences: results are float32, so that shorter ones would drown in their rounding. */
const STEP = 0.04

/** Weights that make one number of a result, irregular so that nothing cancels. */
const weightsOf = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => Math.sin(1.7 * index + 0.6) + 0.3)

/**
 * Compares the engine's gradient of `Σ wᵢ yᵢ` with central differences, extrapolated once (Richardson: error of fourth order). The function is evaluated by tfjs `cpu`,
 * whose kernels compute in float64 and round once; sums and differences are float64.
 */
export async function expectGradients(inputs: readonly Plain[], compute: Compute, { tolerance = 2e-3, step = STEP } = {}): Promise<void> {
  const actual = await engineGradients(inputs, compute)
  await tf.setBackend('cpu')
  for (const [index, input] of inputs.entries()) {
    if (input.dtype !== 'float32') continue
    const expected = input.values.map((_, element) => {
      const slope = (distance: number): number =>
        (evaluate(inputs, compute, index, element, distance) - evaluate(inputs, compute, index, element, -distance)) / (2 * distance)
      return (4 * slope(step / 2) - slope(step)) / 3
    })
    expectClose(actual[index] ?? [], expected, tolerance)
  }
  await tf.setBackend('onnxruntime')
}

async function engineGradients(inputs: readonly Plain[], compute: Compute): Promise<readonly (readonly number[] | null)[]> {
  await tf.setBackend('onnxruntime')
  const isFloat = inputs.map(({ dtype }) => dtype === 'float32')
  const gradients = tf.tidy(() => {
    const tensors = inputs.map(toTensor)
    const differentiate = tf.grads((...floats: Tensor[]) => {
      const rest = [...floats]
      const result = compute(...tensors.map((tensor, index) => (isFloat[index] ? (rest.shift() ?? tensor) : tensor)))
      return tf.sum(tf.mul(result, tf.tensor([...weightsOf(result.size)], result.shape)))
    })
    return differentiate(tensors.filter((_, index) => isFloat[index]))
  })
  await sync(gradients)
  const plain: number[][] = []
  for (const gradient of gradients) {
    plain.push([...(await gradient.data())])
    gradient.dispose()
  }
  return isFloat.map((float) => (float ? (plain.shift() ?? null) : null))
}

function evaluate(inputs: readonly Plain[], compute: Compute, input: number, element: number, distance: number): number {
  return tf.tidy(() => {
    const moved = inputs.map((plain, index) =>
      index === input
        ? { ...plain, values: plain.values.map((value, at) => (at === element ? Math.fround(value) + distance : value)) }
        : plain,
    )
    const result = compute(...moved.map(toTensor))
    const values = result.dataSync()
    const weights = weightsOf(result.size)
    let sum = 0
    for (let index = 0; index < values.length; index++) sum += values[index] * Math.fround(weights[index])
    return sum
  })
}

/** Well separated values in irregular order, so that no step crosses a kink between two of them: `min + spacing · σ(i)`. */
export function separated(shape: readonly number[], { min = -2, spacing = 0.13 } = {}): Plain {
  const count = shape.reduce((product, extent) => product * extent, 1)
  let stride = Math.max(1, Math.floor(count * 0.618))
  while (gcd(stride, count) !== 1) stride++
  return {
    shape,
    dtype: 'float32',
    values: Array.from({ length: count }, (_, index) => min + spacing * ((index * stride) % count) + spacing / 2.1),
  }
}

/** Smoothly varying values between two bounds. */
export function between(shape: readonly number[], min: number, max: number, phase = 0): Plain {
  const count = shape.reduce((product, extent) => product * extent, 1)
  const values = Array.from({ length: count }, (_, index) => min + ((max - min) * (1 + Math.sin(2.3 * index + 0.9 + phase))) / 2)
  return { shape, dtype: 'float32', values }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
