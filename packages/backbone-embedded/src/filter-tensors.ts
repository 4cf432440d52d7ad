import type { TensorEngine } from '@im-iad/nn'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import type { Padding } from './filter-graph.ts'
import { gaussianLine, type Kernel } from './kernels.ts'

/** What a root is at least taken of: its slope has no limit at 0. */
const SMALLEST_SQUARE = 1e-14

/** The filters of FilterGraph in functions of tensors, so that gradients go through them. Planes are `[count, height, width, channels]`. */
export class FilterTensors {
  readonly #tf: TensorEngine

  constructor(tf: TensorEngine) {
    this.#tf = tf
  }

  /** Correlates a single-channel plane with each kernel; all kernels have one size. */
  correlate(plane: Tensor4D, kernels: readonly Kernel[], padding: Padding, stride = 1): Tensor4D {
    const [{ height, width } = { height: 1, width: 1 }] = kernels
    const data = new Float32Array(kernels.length * height * width)
    for (const [index, kernel] of kernels.entries())
      for (const [place, value] of kernel.data.entries()) data[place * kernels.length + index] = value
    return this.#tf.conv2d(this.#extend(plane, padding), this.#tf.tensor4d(data, [height, width, 1, kernels.length]), stride, 'valid')
  }

  /** Gaussian blur of a single-channel plane; `deviation` in positions of that plane. */
  blur(plane: Tensor4D, deviation: number): Tensor4D {
    const data = gaussianLine(deviation)
    const radius = (data.length - 1) / 2
    const across = this.correlate(plane, [{ height: 1, width: data.length, data }], { top: 0, left: radius, bottom: 0, right: radius })
    return this.correlate(across, [{ height: data.length, width: 1, data }], { top: radius, left: 0, bottom: radius, right: 0 })
  }

  /** Mean over `size` x `size` positions, that far apart. */
  averagePool(planes: Tensor4D, size: number): Tensor4D {
    return size === 1 ? planes : this.#tf.avgPool(planes, size, size, 'valid')
  }

  /** Bilinear, with half-pixel centres. */
  enlarge(planes: Tensor4D, factor: number): Tensor4D {
    const [, height, width] = planes.shape
    return factor === 1 ? planes : this.#tf.image.resizeBilinear(planes, [height * factor, width * factor], false, true)
  }

  /** Each channel's mean over the picture, `[count, 1, 1, channels]`. */
  pictureMean(planes: Tensor4D): Tensor4D {
    return this.#tf.mean(planes, [1, 2], true)
  }

  /** √(sum of squares of both). */
  modulus(first: Tensor4D, second: Tensor4D): Tensor4D {
    const squares = this.#tf.add(this.#tf.square(first), this.#tf.square(second))
    return this.#tf.sqrt(this.#tf.maximum(squares, SMALLEST_SQUARE))
  }

  /** `numerator / √(sum of terms)`. */
  divideByRoot(numerator: Tensor4D, terms: readonly (Tensor | number)[]): Tensor4D {
    const sum = terms.reduce((total, term) => this.#tf.add(total, term))
    return this.#tf.div(numerator, this.#tf.sqrt(sum))
  }

  /** The border's own values go on beyond it. */
  #extend(planes: Tensor4D, { top, left, bottom, right }: Padding): Tensor4D {
    return this.#extendAxis(this.#extendAxis(planes, 1, top, bottom), 2, left, right)
  }

  #extendAxis(planes: Tensor4D, axis: 1 | 2, before: number, after: number): Tensor4D {
    const border = (place: number, times: number): readonly Tensor4D[] => {
      if (times === 0) return []
      const begin = [0, 0, 0, 0]
      const size = [...planes.shape]
      begin[axis] = place
      size[axis] = 1
      return [
        this.#tf.tile(
          this.#tf.slice(planes, begin, size),
          [1, 1, 1, 1].map((one, each) => (each === axis ? times : one)),
        ),
      ]
    }
    const parts = [...border(0, before), planes, ...border(planes.shape[axis] - 1, after)]
    return parts.length === 1 ? planes : this.#tf.concat(parts, axis)
  }
}
