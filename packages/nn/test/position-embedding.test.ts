import { expect, it } from 'vitest'
import { embedPositions, openGridMaps, openTensorEngine, type LevelFeatures } from '../src/index.ts'

const numbered = (channels: number, size: number, stride: number): LevelFeatures => ({
  level: { channels, stride },
  height: size,
  width: size,
  data: Float32Array.from({ length: size * size * channels }, (_, index) => stride * 100 + index),
})

it('chosen channels come in the order that was asked for, coarse levels in blocks', () => {
  const embedded = embedPositions([numbered(2, 4, 4), numbered(3, 2, 8)], 1, [4, 1, 2])
  expect([embedded.height, embedded.width, embedded.dimension]).toEqual([4, 4, 3])
  const at = (row: number, column: number): readonly number[] => [
    ...embedded.data.subarray((row * 4 + column) * 3, (row * 4 + column + 1) * 3),
  ]
  expect(at(0, 0)).toEqual([802, 401, 800])
  expect(at(1, 1)).toEqual([802, 411, 800])
  expect(at(3, 2)).toEqual([811, 429, 809])
})

it('maps keep up with sizes that change, and leave no tensors behind', async () => {
  const tf = await openTensorEngine()
  const before = tf.memory().numTensors
  const maps = openGridMaps(tf, 2)
  for (const size of [16, 24, 16]) {
    const { height, width, data } = await maps.project(
      new Float32Array(2 * 9).fill(3),
      2,
      { height: 3, width: 3 },
      { height: size, width: 8 },
    )
    expect([height, width, data.length]).toEqual([size, 8, 2 * size * 8])
    expect(data.every((value) => Math.abs(value - 3) < 1e-5)).toBe(true)
  }
  maps.dispose()
  expect(tf.memory().numTensors).toBe(before)
})
