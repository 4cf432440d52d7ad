import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { gradientOf, runKernel } from './gradient.ts'

interface ConvolutionAttributes {
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly dilations?: [number, number] | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** Whether the backend's own gradient kernels take dilations: tfjs's have no such attribute. */
function takesDilations(dilations: ConvolutionAttributes['dilations']): boolean {
  return tf.getBackend() === 'onnxruntime' || tf.backend_util.tupleValuesAreOne(dilations ?? 1)
}

/** A dilated filter as a dense one with zeros between its taps. */
function spread(filter: Tensor, dilations: ConvolutionAttributes['dilations']): Tensor {
  const [high, wide] = typeof dilations === 'number' ? [dilations, dilations] : (dilations ?? [1, 1])
  const [rows, columns, inputs, outputs] = filter.shape
  const apart = tf.pad(tf.reshape(filter, [rows, 1, columns, 1, inputs, outputs]), [
    [0, 0],
    [0, high - 1],
    [0, 0],
    [0, wide - 1],
    [0, 0],
    [0, 0],
  ])
  const dense = tf.reshape(apart, [rows * high, columns * wide, inputs, outputs])
  return tf.slice(dense, [0, 0, 0, 0], [(rows - 1) * high + 1, (columns - 1) * wide + 1, inputs, outputs])
}

/** The taps of a gradient that was computed for {@link spread}. */
function gather(gradient: Tensor, dilations: ConvolutionAttributes['dilations']): Tensor {
  const [high, wide] = typeof dilations === 'number' ? [dilations, dilations] : (dilations ?? [1, 1])
  return tf.stridedSlice(gradient, [0, 0, 0, 0], gradient.shape, [high, wide, 1, 1])
}

/** The gradients of a convolution for its image and its filter; `name` is the kernels' common part. */
function gradients(
  name: string,
  dy: Tensor,
  [x, filter]: readonly Tensor[],
  attributes: ConvolutionAttributes,
): { x: () => Tensor; filter: () => Tensor } {
  const { dilations } = attributes
  const isDense = takesDilations(dilations)
  const given = isDense ? attributes : { ...attributes, dilations: 1 }
  return {
    x: () =>
      runKernel(`${name}BackpropInput`, { dy, filter: isDense ? filter : spread(filter, dilations) }, { ...given, inputShape: x.shape }),
    filter: () => {
      const shape = isDense ? filter.shape : spread(filter, dilations).shape
      const gradient = runKernel(`${name}BackpropFilter`, { x, dy }, { ...given, filterShape: shape })
      return isDense ? gradient : gather(gradient, dilations)
    },
  }
}

export const convolutionGradients: readonly GradConfig[] = [
  gradientOf<ConvolutionAttributes>('Conv2D', { inputs: ['x', 'filter'] }, (dy, saved, attributes) =>
    gradients('Conv2D', dy, saved, attributes),
  ),
  gradientOf<ConvolutionAttributes>('DepthwiseConv2dNative', { inputs: ['x', 'filter'] }, (dy, saved, attributes) =>
    gradients('DepthwiseConv2dNative', dy, saved, attributes),
  ),
  // A transposed convolution is linear in its image, and its adjoint is the convolution.
  gradientOf<ConvolutionAttributes>('Conv2DBackpropInput', { inputs: ['dy', 'filter'] }, (ddx, [dy, filter], attributes) => ({
    dy: () => runKernel('Conv2D', { x: ddx, filter }, { dilations: 1, ...attributes }),
    filter: () => runKernel('Conv2DBackpropFilter', { x: ddx, dy }, { ...attributes, filterShape: filter.shape }),
  })),
]
