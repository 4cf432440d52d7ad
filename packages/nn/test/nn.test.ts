import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMapProjection, embedPatches, openTensorEngine, projectionMatrix, type LevelFeatures } from '../src/index.ts'
import { sayTensorflowIsMissing, TESTED_ENGINES } from './support/tensorflow.ts'

const reference: Readonly<Record<'pooled' | 'narrow' | 'map', readonly number[]>> = JSON.parse(
  readFileSync(new URL('fixtures/reference.json', import.meta.url), 'utf8'),
)

/** The formula of fixtures/make_reference.py. */
const wave = (count: number, step: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => Math.round((0.5 + 0.5 * Math.sin(index * step)) * 1024) / 1024)

const level = (channels: number, size: number, stride: number, step: number): LevelFeatures => ({
  level: { channels, stride },
  height: size,
  width: size,
  data: wave(2 * size * size * channels, step),
})

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(Math.max(...expected.map((value, index) => Math.abs(value - actual[index])))).toBeLessThan(tolerance)
}

sayTensorflowIsMissing()

describe.each(TESTED_ENGINES)('on the %s engine', (engine) => {
  it('patch features equal the literal procedure of the reference code', async () => {
    const tf = await openTensorEngine({ engine })
    const { data, dimension, height, width } = await embedPatches(tf, [level(8, 8, 8, 0.37), level(16, 4, 16, 0.53)], 2, 16)
    expect([height, width, dimension]).toEqual([8, 8, 16])
    expectClose(data, reference.pooled, 2e-6)
  })

  it('narrow levels are 3x3 means, one after another', async () => {
    const tf = await openTensorEngine({ engine })
    const { data, dimension } = await embedPatches(tf, [level(3, 8, 8, 0.37), level(5, 4, 16, 0.53)], 2, 1024)
    expect(dimension).toBe(8)
    expectClose(data, reference.narrow, 2e-6)
  })

  it('every level has at least one value, however small the target', async () => {
    const tf = await openTensorEngine({ engine })
    const { data, dimension } = await embedPatches(tf, [level(8, 8, 8, 0.37), level(16, 4, 16, 0.53)], 2, 1)
    expect(dimension).toBe(2)
    expect(data).toHaveLength(2 * 64 * 2)
  })

  it('maps equal bilinear upsampling and a Gaussian by scipy', async () => {
    const tf = await openTensorEngine({ engine })
    const projection = createMapProjection(tf, { grid: { height: 6, width: 8 }, output: { height: 48, width: 64 }, sigma: 4 })
    const maps = await projection.project(Float32Array.from([...wave(48, 0.71), ...wave(48, 0.71)]), 2)
    expectClose(
      [0, 8, 16, 24, 32, 40].flatMap((row) => [0, 8, 16, 24, 32, 40, 48, 56].map((column) => maps[48 * 64 + row * 64 + column])),
      reference.map,
      2e-6,
    )
    projection.dispose()
  })

  it('leaves no tensors behind', async () => {
    const tf = await openTensorEngine({ engine })
    const before = tf.memory().numTensors
    for (let round = 0; round < 3; round++) await embedPatches(tf, [level(8, 8, 8, 0.37), level(16, 4, 16, 0.53)], 2, 16)
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('projectionMatrix', () => {
  it('keeps constants, at any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 80 }), (from, size) => {
        const matrix = projectionMatrix(from, size, 4)
        for (let row = 0; row < size; row++)
          expect(matrix.subarray(row * from, (row + 1) * from).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5)
      }),
    )
  })
})
