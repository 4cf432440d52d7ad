import type { Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { runKernel } from '../gradients/gradient.ts'

export interface GroupedConvolutionOptions {
  readonly groups: number
  readonly strides?: [number, number] | number
  readonly pad?: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dilations?: [number, number] | number
}

/**
 * A convolution whose input and output channels fall into groups that don't see one another. tfjs has none: other backends than `onnxruntime` compute it group by group.
 * @param x - `[batch, height, width, channels]`
 * @param filter - `[height, width, channels / groups, outputs]`; the outputs of a group are neighbours
 * @throws RangeError when the channels don't fit the groups
 */
export function groupedConv2d(
  x: Tensor4D,
  filter: Tensor4D,
  { groups, strides = 1, pad = 'valid', dilations = 1 }: GroupedConvolutionOptions,
): Tensor4D {
  const channels = x.shape[3]
  const [, , perGroup, outputs] = filter.shape
  if (perGroup * groups !== channels || outputs % groups !== 0)
    throw new RangeError(`${groups} groups of ${perGroup} channels and ${outputs} outputs do not fit ${channels} channels`)
  if (groups === 1) return tf.conv2d<Tensor4D>(x, filter, strides, pad, 'NHWC', dilations)
  if (tf.getBackend() === 'onnxruntime')
    return runKernel('Conv2D', { x, filter }, { strides, pad, dilations, dataFormat: 'NHWC', groups }) as Tensor4D
  return tf.tidy(() => {
    const images = tf.split<Tensor4D>(x, groups, 3)
    const filters = tf.split<Tensor4D>(filter, groups, 3)
    return tf.concat<Tensor4D>(
      images.map((image, index) => tf.conv2d<Tensor4D>(image, filters[index], strides, pad, 'NHWC', dilations)),
      3,
    )
  })
}
