import type { KernelConfig, Tensor, Tensor1D, TensorInfo } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { LazyBackend } from '../lazy-backend.ts'
import { reflectCoordinate } from './grid-sample.ts'

/** The attributes of tfjs's kernel `Transform`. */
export interface TransformAttributes {
  readonly interpolation: 'nearest' | 'bilinear'
  readonly fillMode: 'constant' | 'reflect' | 'wrap' | 'nearest'
  readonly fillValue: number
  readonly outputShape?: readonly [number, number]
}

/** Where output pixels look: one tap for nearest neighbours, four for bilinear interpolation. */
interface Tap {
  /** Rows of the flattened image, `[pixels]`. */
  readonly index: Tensor1D
  /** `[pixels, 1]` */
  readonly weight: Tensor
  /** 1 inside the image, 0 outside, `[pixels, 1]`. */
  readonly inside: Tensor
}

/** tfjs's `image.transform`: a projective map of every image, `[batch or 1, 8]`, from output to input pixels. */
export function transformImage(image: Tensor, transforms: Tensor, attributes: TransformAttributes): Tensor {
  const [batch, height, width, channels] = image.shape
  const [rows, columns] = attributes.outputShape ?? [height, width]
  const pixels = tf.reshape(image, [batch * height * width, channels])
  const parts = tapsOf(image.shape, transforms, attributes).map(({ index, weight, inside }) => {
    const read = tf.add(tf.mul(tf.gather(pixels, index), inside), tf.mul(tf.sub(1, inside), attributes.fillValue))
    return tf.mul(read, weight)
  })
  return tf.reshape(
    parts.reduce((sum, part) => tf.add(sum, part)),
    [batch, rows, columns, channels],
  )
}

/** The gradient for the image: every output pixel's share goes back to where it was read. */
export function transformImageGradient(dy: Tensor, image: Tensor, transforms: Tensor, attributes: TransformAttributes): Tensor {
  const [batch, height, width, channels] = image.shape
  const flat = tf.reshape(dy, [dy.size / channels, channels])
  const parts = tapsOf(image.shape, transforms, attributes).map(({ index, weight, inside }) =>
    tf.unsortedSegmentSum(tf.mul(flat, tf.mul(weight, inside)), index, batch * height * width),
  )
  return tf.reshape(
    parts.reduce((sum, part) => tf.add(sum, part)),
    image.shape,
  )
}

/** The kernel, composed of others: what they record is compiled with everything else. */
export function transformKernel(backendName: string): KernelConfig {
  return {
    kernelName: 'Transform',
    backendName,
    kernelFunc({ inputs, backend, attrs }) {
      const lazy = backend as unknown as LazyBackend
      const { dataId, shape, dtype } = tf.tidy(() => {
        const [image, transforms] = [inputs['image'], inputs['transforms']].map((info) => borrow(lazy, info as TensorInfo))
        return transformImage(image, transforms, attrs as unknown as TransformAttributes)
      })
      return { dataId: lazy.hold(lazy.valueOf(dataId)), shape, dtype }
    },
  }
}

/** A tensor of our own for the value of an input, so that ending a scope takes nothing from the caller. */
function borrow(backend: LazyBackend, { dataId, shape, dtype }: TensorInfo): Tensor {
  return tf.engine().makeTensorFromDataId(backend.hold(backend.valueOf(dataId)), shape, dtype)
}

function tapsOf(
  shape: readonly number[],
  transforms: Tensor,
  { interpolation, fillMode, outputShape }: TransformAttributes,
): readonly Tap[] {
  const [batch, height, width] = shape
  const [rows, columns] = outputShape ?? [height, width]
  const count = rows * columns
  const across = tf.tensor2d(
    Float32Array.from({ length: count }, (_, index) => index % columns),
    [1, count],
  )
  const down = tf.tensor2d(
    Float32Array.from({ length: count }, (_, index) => Math.floor(index / columns)),
    [1, count],
  )
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tf.split(transforms, 8, 1)
  const mapped = (a: Tensor, b: Tensor, c: Tensor | number): Tensor => tf.add(tf.add(tf.mul(a, across), tf.mul(b, down)), c)
  const scale = mapped(t6, t7, 1)
  const place = (a: Tensor, b: Tensor, c: Tensor, extent: number): Tensor =>
    tf.reshape(tf.broadcastTo(mapCoordinate(tf.div(mapped(a, b, c), scale), extent, fillMode), [batch, count]), [batch * count])
  const x = place(t0, t1, t2, width)
  const y = place(t3, t4, t5, height)
  const offsets = tf.tensor1d(
    Int32Array.from({ length: batch * count }, (_, index) => Math.floor(index / count) * height * width),
    'int32',
  )
  const tap = (row: Tensor, column: Tensor, weight: Tensor): Tap => {
    const safe = (position: Tensor, extent: number): Tensor => tf.cast(tf.clipByValue(position, 0, extent - 1), 'int32')
    const isInside = tf.logicalAnd(within(row, height), within(column, width))
    return {
      index: tf.add(offsets, tf.add(tf.mul(safe(row, height), tf.scalar(width, 'int32')), safe(column, width))),
      weight: tf.reshape(weight, [batch * count, 1]),
      inside: tf.reshape(tf.cast(isInside, 'float32'), [batch * count, 1]),
    }
  }
  if (interpolation === 'nearest') return [tap(roundHalfUp(y), roundHalfUp(x), tf.ones([batch * count]))]
  const [top, left] = [tf.floor(y), tf.floor(x)]
  const [lower, right] = [tf.sub(y, top), tf.sub(x, left)]
  return [
    tap(top, left, tf.mul(tf.sub(1, lower), tf.sub(1, right))),
    tap(top, tf.add(left, 1), tf.mul(tf.sub(1, lower), right)),
    tap(tf.add(top, 1), left, tf.mul(lower, tf.sub(1, right))),
    tap(tf.add(top, 1), tf.add(left, 1), tf.mul(lower, right)),
  ]
}

const within = (position: Tensor, extent: number): Tensor => tf.logicalAnd(tf.greaterEqual(position, 0), tf.lessEqual(position, extent - 1))

/** As JavaScript rounds, which is what tfjs `cpu` does. */
const roundHalfUp = (position: Tensor): Tensor => tf.floor(tf.add(position, 0.5))

/** Positions outside the image, brought into it as the fill mode says. */
function mapCoordinate(position: Tensor, extent: number, fillMode: TransformAttributes['fillMode']): Tensor {
  if (fillMode === 'constant') return position
  const clamp = (inner: Tensor): Tensor => tf.clipByValue(inner, 0, extent - 1)
  if (fillMode === 'nearest' || extent === 1) return clamp(position)
  if (fillMode === 'reflect') return clamp(reflectCoordinate(position, -0.5, extent))
  const turns = tf.floor(tf.div(tf.abs(position), extent - 1))
  const before = tf.add(position, tf.mul(tf.add(turns, 1), extent))
  const behind = tf.sub(position, tf.mul(turns, extent))
  return clamp(tf.where(tf.less(position, 0), before, tf.where(tf.greater(position, extent - 1), behind, position)))
}
