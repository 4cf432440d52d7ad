import { backend_util } from '@tensorflow/tfjs-core'
import type { IrAttributes } from '../graph/ir.ts'

/** The attributes that tfjs's convolution and pooling kernels share. */
export interface WindowAttributes {
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly dilations?: [number, number] | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  /** Ours: `tf.conv2d` has no groups. */
  readonly groups?: number
}

/** A convolution's window, all numbers known; `pads` are top, left, bottom, right. */
export interface Window {
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
  readonly pads: readonly [number, number, number, number]
  /** Height and width of what it gives. */
  readonly output: readonly [number, number]
}

/** How a filter `[height, width]` moves over NHWC images of the given shape. */
export function windowOf(imageShape: readonly number[], kernel: readonly [number, number], attributes: WindowAttributes): Window {
  const [batch, height, width, channels] = imageShape
  const info = backend_util.computeConv2DInfo(
    [batch, height, width, channels],
    [kernel[0], kernel[1], channels, 1],
    attributes.strides,
    attributes.dilations ?? 1,
    attributes.pad,
    attributes.dimRoundingMode,
  )
  const { top, left, bottom, right } = info.padInfo
  return {
    kernel: [kernel[0], kernel[1]],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [top, left, bottom, right],
    output: [info.outHeight, info.outWidth],
  }
}

/** The window as attributes of a graph node. */
export function windowAttributes({ kernel, strides, dilations, pads }: Window): IrAttributes {
  return { kernel, strides, dilations, pads }
}

export type PoolAttributes = WindowAttributes & { readonly filterSize: [number, number] | number }

/** How a pooling window moves over NHWC images of the given shape. */
export function poolWindow(shape: readonly number[], attributes: PoolAttributes): Window {
  const { filterSize } = attributes
  return windowOf(shape, typeof filterSize === 'number' ? [filterSize, filterSize] : filterSize, attributes)
}

/** How many elements of the image each window covers, row by row. */
export function coverage(shape: readonly number[], { kernel, strides, dilations, pads, output }: Window): readonly number[] {
  const along = (axis: 0 | 1): readonly number[] =>
    Array.from({ length: output[axis] }, (_, index) => {
      const start = index * strides[axis] - pads[axis]
      const places = Array.from({ length: kernel[axis] }, (__, tap) => start + tap * dilations[axis])
      return places.filter((place) => place >= 0 && place < shape[1 + axis]).length
    })
  const columns = along(1)
  return along(0).flatMap((rows) => columns.map((count) => rows * count))
}
