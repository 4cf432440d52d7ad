import type { TensorEngine } from '@im-iad/nn'
import type { Scalar, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { SMALLEST_NORM } from './teacher-features.ts'

/** Every position's features divided by their length, `[count, height, width, channels]`; the gradient at zero is zero. */
export function normalizeFeatures(tf: TensorEngine, features: Tensor4D): Tensor4D {
  const squares = tf.sum(tf.square(features), -1, true)
  return tf.div(features, tf.sqrt(tf.maximum(squares, SMALLEST_NORM ** 2)))
}

/**
 * The loss of Wang et al., equations 1 to 3: over levels, the mean over positions of half the squared distance of unit vectors, summed over the batch (`sum`: open-iad), or twice that divided by the
 * batch (`mean`: the method's own code).
 * @param teacher - unit vectors
 * @param student - as the network gives them
 */
export function matchingLoss(
  tf: TensorEngine,
  teacher: readonly Tensor4D[],
  student: readonly Tensor4D[],
  reduction: 'sum' | 'mean',
): Scalar {
  return tf.addN(
    student.map((features, level) => {
      const [count, height, width] = features.shape
      const squares = tf.sum<Scalar>(tf.square(tf.sub(teacher[level], normalizeFeatures(tf, features))))
      return tf.mul<Scalar>(squares, reduction === 'sum' ? 0.5 / (height * width) : 1 / (count * height * width))
    }),
  )
}

/**
 * 1 - cos of teacher and student at every position, `[count, height, width]`, in [0, 2]. Computed as half the squared distance of unit vectors, which keeps its digits where both nearly agree; a
 * vector of zeros has the cosine 0 with everything, so what its missing length takes away is added.
 */
export function cosineDistances(tf: TensorEngine, teacher: Tensor4D, student: Tensor4D): Tensor3D {
  const units = [teacher, student].map((features) => normalizeFeatures(tf, features))
  const squares = tf.sum<Tensor3D>(tf.square(tf.sub(units[0], units[1])), -1)
  const missing = [teacher, student].map((features) => tf.cast(tf.equal(tf.sum<Tensor3D>(tf.square(features), -1), 0), 'float32'))
  return tf.mul(tf.add(squares, tf.add(missing[0], missing[1])), 0.5)
}

/** The product over levels of the distances, each brought to `size` bilinearly (half-pixel centres), `[count, height, width]`. */
export function anomalyMaps(
  tf: TensorEngine,
  distances: readonly Tensor3D[],
  { height, width }: { readonly height: number; readonly width: number },
): Tensor3D {
  const enlarged = distances.map((level) =>
    tf.squeeze<Tensor3D>(tf.image.resizeBilinear(tf.expandDims<Tensor4D>(level, -1), [height, width], false, true), [-1]),
  )
  return enlarged.reduce((product, level) => tf.mul(product, level))
}
