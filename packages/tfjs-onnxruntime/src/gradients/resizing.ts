import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { linearTaps, nearestTaps, tapMatrix, type ResizeConvention, type TapsOf } from '../kernels/resize-taps.ts'
import { transformImageGradient, type TransformAttributes } from '../ops/image-transform.ts'
import { gradientOf, runKernel } from './gradient.ts'

/** Resizing as two products of matrices: here with the transposed ones. For backends of tfjs, whose own gradients are wrong for half-pixel centres. */
function byMatrices(dy: Tensor, images: Tensor, taps: TapsOf, convention: ResizeConvention): Tensor {
  const [, height, width] = images.shape
  const [, tall, wide] = dy.shape
  const rows = tf.tensor2d(tapMatrix(taps(height, tall, convention), height, true), [height, tall])
  const columns = tf.tensor2d(tapMatrix(taps(width, wide, convention), width, true), [width, wide])
  const channelsFirst = tf.transpose(dy, [0, 3, 1, 2])
  const high = tf.matMul(rows, channelsFirst)
  return tf.transpose(tf.matMul(high, columns, false, true), [0, 2, 3, 1])
}

function gradient(name: string, taps: TapsOf): GradConfig {
  return gradientOf<ResizeConvention>(name, { inputs: ['images'] }, (dy, [images], attributes) => ({
    images: () =>
      tf.getBackend() === 'onnxruntime' ? runKernel(`${name}Grad`, { images, dy }, attributes) : byMatrices(dy, images, taps, attributes),
  }))
}

export const resizingGradients: readonly GradConfig[] = [
  gradient('ResizeBilinear', linearTaps),
  gradient('ResizeNearestNeighbor', nearestTaps),
  gradientOf<TransformAttributes>('Transform', { inputs: ['image', 'transforms'] }, (dy, [image, transforms], attributes) => ({
    image: () => transformImageGradient(dy, image, transforms, attributes),
    // As in TensorFlow: the map itself is taken as given.
    transforms: () => tf.zeros(transforms.shape),
  })),
]
