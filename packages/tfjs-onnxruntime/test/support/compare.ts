import type { Tensor, TensorContainer } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { registerOnnxRuntimeBackend, sync } from '../../src/index.ts'

/** A tensor as plain data: what both engines start from. */
export interface Plain {
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32' | 'bool'
  readonly values: readonly number[]
}

/** Registers both engines. */
export async function openEngines(): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu')
  await registerOnnxRuntimeBackend(tf, { threads: 1 })
  await tf.setBackend('onnxruntime')
}

export const toTensor = ({ shape, dtype, values }: Plain): Tensor => tf.tensor([...values], [...shape], dtype)

export async function runOn(
  engine: 'cpu' | 'onnxruntime',
  inputs: readonly Plain[],
  compute: (...tensors: Tensor[]) => TensorContainer,
): Promise<readonly Plain[]> {
  await tf.setBackend(engine)
  const results = tf.tidy(() => {
    const outcome = compute(...inputs.map(toTensor))
    return (Array.isArray(outcome) ? outcome : [outcome]) as Tensor[]
  })
  await sync(results)
  const plain: Plain[] = []
  for (const result of results) {
    plain.push({ shape: result.shape, dtype: result.dtype as Plain['dtype'], values: [...(await result.data())] })
    result.dispose()
  }
  await tf.setBackend('onnxruntime')
  return plain
}

/** Both engines give the same shapes, types and values, within a tolerance relative to the largest. */
export async function expectSame(
  inputs: readonly Plain[],
  compute: (...tensors: Tensor[]) => TensorContainer,
  tolerance = 2e-5,
): Promise<void> {
  const expected = await runOn('cpu', inputs, compute)
  const actual = await runOn('onnxruntime', inputs, compute)
  expect(actual.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(expected.map(({ shape, dtype }) => ({ shape, dtype })))
  for (const [index, { values }] of actual.entries()) expectClose(values, expected[index].values, tolerance)
}

export function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  const scale = Math.max(1, ...expected.filter(Number.isFinite).map(Math.abs))
  const wrong = actual.findIndex((value, index) => !isClose(value, expected[index], tolerance * scale))
  expect(wrong < 0 ? null : { at: wrong, actual: actual[wrong], expected: expected[wrong] }).toBeNull()
}

function isClose(a: number, b: number, tolerance: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b)
  return a === b || Math.abs(a - b) <= tolerance
}
