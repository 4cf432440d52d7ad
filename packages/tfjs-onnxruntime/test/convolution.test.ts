import * as tf from '@tensorflow/tfjs-core'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { engineCounters } from '../src/index.ts'
import { floats } from './support/arbitrary.ts'
import { expectSame, openEngines, type Plain } from './support/compare.ts'

interface Case {
  readonly x: Plain
  readonly filter: Plain
  readonly strides: number
  readonly dilations: number
  readonly pad: 'valid' | 'same' | number
}

/** Images and filters that fit; strides and dilations are never both above 1, as tfjs asks. */
function cases(filterShape: (kernel: number, channels: number, outputs: number) => readonly number[]): fc.Arbitrary<Case> {
  return fc
    .record({
      batch: fc.integer({ min: 1, max: 2 }),
      height: fc.integer({ min: 5, max: 9 }),
      width: fc.integer({ min: 5, max: 9 }),
      channels: fc.integer({ min: 1, max: 4 }),
      outputs: fc.integer({ min: 1, max: 4 }),
      kernel: fc.integer({ min: 1, max: 3 }),
      spacing: fc.constantFrom([1, 1], [2, 1], [3, 1], [1, 2]),
      pad: fc.constantFrom('valid', 'same', 1),
    })
    .chain(({ batch, height, width, channels, outputs, kernel, spacing: [strides = 1, dilations = 1], pad }) =>
      fc.record({
        x: floats([batch, height, width, channels]),
        filter: floats(filterShape(kernel, channels, outputs)),
        strides: fc.constant(strides),
        dilations: fc.constant(dilations),
        pad: fc.constant(pad as Case['pad']),
      }),
    )
}

describe('convolutions and pooling, against tfjs cpu', () => {
  beforeAll(openEngines)

  it('conv2d', async () => {
    await fc.assert(
      fc.asyncProperty(
        cases((kernel, channels, outputs) => [kernel, kernel, channels, outputs]),
        ({ x, filter, strides, dilations, pad }) =>
          expectSame([x, filter], (image, weights) =>
            tf.conv2d(image as tf.Tensor4D, weights as tf.Tensor4D, strides, pad, 'NHWC', dilations),
          ),
      ),
      { numRuns: 25 },
    )
  })

  it('conv2d with the channels first', async () => {
    await fc.assert(
      fc.asyncProperty(
        cases((kernel, channels, outputs) => [kernel, kernel, channels, outputs]),
        ({ x, filter, strides }) =>
          expectSame([x, filter], (image, weights) =>
            tf.conv2d(tf.transpose(image, [0, 3, 1, 2]) as tf.Tensor4D, weights as tf.Tensor4D, strides, 'same', 'NCHW'),
          ),
      ),
      { numRuns: 10 },
    )
  })

  it('depthwiseConv2d', async () => {
    await fc.assert(
      fc.asyncProperty(
        cases((kernel, channels, outputs) => [kernel, kernel, channels, outputs]),
        ({ x, filter, strides, dilations, pad }) =>
          expectSame([x, filter], (image, weights) =>
            tf.depthwiseConv2d(image as tf.Tensor4D, weights as tf.Tensor4D, strides, pad, 'NHWC', dilations),
          ),
      ),
      { numRuns: 20 },
    )
  })

  it('conv2dTranspose', async () => {
    await fc.assert(
      fc.asyncProperty(
        cases((kernel, channels, outputs) => [kernel, kernel, outputs, channels]),
        ({ x, filter, strides, pad }) =>
          expectSame([x, filter], (image, weights) => {
            const [batch = 1, height = 1, width = 1] = image.shape
            const [kernel = 1, , outputs = 1] = weights.shape
            const margin = pad === 'valid' ? kernel - strides : pad === 'same' ? 0 : kernel - strides - 2
            const shape: [number, number, number, number] = [
              batch,
              height * strides + Math.max(margin, pad === 1 ? 1 - strides : 0),
              width * strides + Math.max(margin, pad === 1 ? 1 - strides : 0),
              outputs,
            ]
            const fits = [1, 2].every((axis) => {
              const { outShape } = tf.backend_util.computeConv2DInfo(
                shape,
                [kernel, kernel, outputs, image.shape[3] ?? 1],
                strides,
                1,
                pad,
                typeof pad === 'number' ? 'floor' : undefined,
              )
              return outShape[axis] === image.shape[axis]
            })
            return fits
              ? tf.conv2dTranspose(
                  image as tf.Tensor4D,
                  weights as tf.Tensor4D,
                  shape,
                  strides,
                  pad,
                  typeof pad === 'number' ? 'floor' : undefined,
                )
              : tf.neg(image)
          }),
      ),
      { numRuns: 20 },
    )
  })

  it('fused convolutions and products', async () => {
    await fc.assert(
      fc.asyncProperty(
        cases((kernel, channels, outputs) => [kernel, kernel, channels, outputs]),
        fc.constantFrom('relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'linear'),
        ({ x, filter, pad }, activation) =>
          expectSame([x, filter], (image, weights) =>
            tf.fused.conv2d({
              x: image as tf.Tensor4D,
              filter: weights as tf.Tensor4D,
              strides: 1,
              pad,
              activation: activation as 'relu',
              leakyreluAlpha: 0.3,
              bias: tf.ones([weights.shape[3] ?? 1]),
            }),
          ),
      ),
      { numRuns: 10 },
    )
  })

  it.each([
    ['maxPool', tf.maxPool],
    ['avgPool', tf.avgPool],
  ] as const)('%s', async (_, pool) => {
    const inputs = fc.record({
      x: floats([2, 7, 8, 3]),
      size: fc.integer({ min: 1, max: 3 }),
      strides: fc.integer({ min: 1, max: 3 }),
      pad: fc.constantFrom<('valid' | 'same' | number)[]>('valid', 'same', 1),
    })
    await fc.assert(
      fc.asyncProperty(inputs, ({ x, size, strides, pad }) =>
        expectSame([x], (image) =>
          pool(image as tf.Tensor4D, size, strides, size === 1 && pad === 1 ? 0 : pad, typeof pad === 'number' ? 'floor' : undefined),
        ),
      ),
      { numRuns: 20 },
    )
  })

  it('resizeBilinear and resizeNearestNeighbor', async () => {
    const size = fc.integer({ min: 1, max: 9 })
    const inputs = fc.tuple(size, size).chain(([height, width]) =>
      fc.record({
        x: floats([2, height, width, 2]),
        size: fc.tuple(size, size),
        convention: fc.constantFrom([false, false], [true, false], [false, true]),
      }),
    )
    await fc.assert(
      fc.asyncProperty(inputs, ({ x, size: target, convention: [align, half] }) =>
        expectSame([x], (image) => [
          tf.image.resizeBilinear(image as tf.Tensor4D, target, align, half),
          tf.image.resizeNearestNeighbor(image as tf.Tensor4D, target, align, half),
        ]),
      ),
      { numRuns: 25 },
    )
  })

  it('matMul with transposed and broadcast operands, and einsum', async () => {
    const inputs = fc.record({
      a: floats([2, 3, 4]),
      b: floats([2, 4, 3]),
      c: floats([3, 4]),
      transposed: fc.tuple(fc.boolean(), fc.boolean()),
    })
    await fc.assert(
      fc.asyncProperty(inputs, ({ a, b, c, transposed: [left, right] }) =>
        expectSame([a, b, c], (first, second, third) => [
          tf.matMul(left ? second : first, right ? first : second, left, right),
          tf.matMul(first, third, false, true),
          tf.matMul(tf.cast(third, 'int32'), tf.cast(third, 'int32'), true, false),
          tf.einsum('bij,bjk->bik', first, second),
          tf.einsum('bij,ij->b', first, third),
        ]),
      ),
      { numRuns: 12 },
    )
  })

  it.each(['constant', 'nearest', 'reflect', 'wrap'] as const)('image.transform, %s', async (mode) => {
    const map = {
      shape: [2, 8],
      dtype: 'float32',
      values: [0.9, 0.13, -1.31, -0.21, 1.1, 0.77, 0.01, -0.02, 1.31, -0.4, 1.27, 0.3, 0.8, -2.63, 0, 0],
    } as const
    await fc.assert(
      fc.asyncProperty(floats([2, 5, 6, 2]), fc.constantFrom('nearest', 'bilinear'), (x, interpolation) =>
        expectSame([x, map], (image, maps) => {
          const warp = (images: tf.Tensor, given: tf.Tensor): tf.Tensor4D =>
            tf.image.transform(images as tf.Tensor4D, given as tf.Tensor2D, interpolation as 'nearest', mode, 0.5, [4, 7])
          if (tf.getBackend() === 'onnxruntime') return warp(image, maps)
          // tfjs cpu leaves its loop after the first image of a batch.
          const each = tf.split(image, 2).map((one, index) => warp(one, tf.slice(maps, [index, 0], [1, 8])))
          return tf.concat(each)
        }),
      ),
      { numRuns: 6 },
    )
  })

  it('batchNorm', async () => {
    const inputs = fc.tuple(floats([2, 3, 4, 3]), floats([3]), floats([3], 0.1, 2), floats([3]), floats([3]))
    await fc.assert(
      fc.asyncProperty(inputs, (given) =>
        expectSame(given, (x, mean, variance, offset, scale) => [
          tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D, 1e-3),
          tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D),
        ]),
      ),
      { numRuns: 10 },
    )
    expect(engineCounters().fallbacks).toEqual({})
  })
})
