import type { GraphAttribute, GraphValue as Value, GraphWriter } from '@im-iad/core'
import { gaussianLine, type Kernel } from './kernels.ts'

/** Image filters in a graph. Planes are `[batch, channels, height, width]`; beyond a border the border's own values go on, so that no border looks unusual. */
export class FilterGraph {
  readonly #writer: GraphWriter

  constructor(writer: GraphWriter) {
    this.#writer = writer
  }

  node(operator: string, inputs: readonly (Value | null)[], attributes: Readonly<Record<string, GraphAttribute>> = {}): Value {
    return this.#writer.node(operator, inputs, attributes)
  }

  constant(data: Float32Array, shape: readonly number[]): Value {
    return this.#writer.constant(data, shape)
  }

  scalar(value: number): Value {
    return this.#writer.scalar(value)
  }

  /** Separates channels into groups of the given sizes. */
  split(planes: Value, sizes: readonly number[]): readonly Value[] {
    return this.#writer.nodes('Split', [planes, this.#writer.integers(...sizes)], sizes.length, { axis: 1 })
  }

  /** Correlates a single-channel plane with each kernel; all kernels have one size. */
  correlate(plane: Value, kernels: readonly Kernel[], padding: Padding, stride = 1): Value {
    const [{ height, width } = { height: 1, width: 1 }] = kernels
    const data = new Float32Array(kernels.length * height * width)
    for (const [index, kernel] of kernels.entries()) data.set(kernel.data, index * height * width)
    const { top, left, bottom, right } = padding
    const padded = this.node('Pad', [plane, this.#writer.integers(0, 0, top, left, 0, 0, bottom, right)], { mode: 'edge' })
    return this.node('Conv', [padded, this.constant(data, [kernels.length, 1, height, width])], { strides: [stride, stride] })
  }

  /** Gaussian blur of a single-channel plane; `deviation` in positions of that plane. */
  blur(plane: Value, deviation: number): Value {
    const data = gaussianLine(deviation)
    const radius = (data.length - 1) / 2
    const across = this.correlate(plane, [{ height: 1, width: data.length, data }], { top: 0, left: radius, bottom: 0, right: radius })
    return this.correlate(across, [{ height: data.length, width: 1, data }], { top: radius, left: 0, bottom: radius, right: 0 })
  }

  /** Mean over `size` x `size` positions, that far apart. */
  averagePool(planes: Value, size: number): Value {
    return size === 1 ? planes : this.node('AveragePool', [planes], { kernel_shape: [size, size], strides: [size, size] })
  }

  /** Bilinear, with half-pixel centres. */
  enlarge(planes: Value, factor: number): Value {
    if (factor === 1) return planes
    const scales = this.constant(Float32Array.of(1, 1, factor, factor), [4])
    return this.node('Resize', [planes, null, scales], { mode: 'linear', coordinate_transformation_mode: 'half_pixel' })
  }

  /** Each channel's mean over the picture, `[batch, channels, 1, 1]`. */
  pictureMean(planes: Value): Value {
    return this.node('GlobalAveragePool', [planes])
  }

  /** `numerator / √(sum of terms)`. */
  divideByRoot(numerator: Value, ...[first, ...rest]: readonly [Value, ...Value[]]): Value {
    const sum = rest.reduce((total, term) => this.node('Add', [total, term]), first)
    return this.node('Div', [numerator, this.node('Sqrt', [sum])])
  }

  /** `factor · planes`. */
  scale(planes: Value, factor: number): Value {
    return this.node('Mul', [planes, this.scalar(factor)])
  }

  square(planes: Value): Value {
    return this.node('Mul', [planes, planes])
  }
}

/** Positions added at each side. */
export interface Padding {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}
