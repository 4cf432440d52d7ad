import type { Value } from '@im-iad/onnx'
import type { Ir } from '../graph/ir.ts'
import type { ConvolutionAttributes } from './convolution.ts'
import type { Emission } from './emission.ts'
import { columnByColumn } from './filter-gradient-by-column.ts'
import { padImage, seenExtents, type FilterGradientShapes } from './padded-image.ts'

/** Up to this many taps, and from this many channels on, one matrix product per tap is the fastest. */
const MOST_TAPS = 25
const FEWEST_CHANNELS = 8
/** From this many columns on, zeros at the ends of rows cost less than slices. */
const WIDE = 24

/**
 * The gradient for the filter, `[out, in / groups, height, width]`:
 * `dW[o, i, u, v] = Σ_{n, y, x} dy[n, o, y, x] · image[n, i, y · stride + u · dilation - pad, …]`.
 */
export function emitFilterGradient(emission: Emission, ir: Ir, attributes: ConvolutionAttributes): Value {
  const [image, dy] = ir.inputs
  const x = emission.get(image, 'channels-first')
  const gradient = emission.get(dy, 'channels-first')
  const [rows, columns] = attributes.kernel
  const facts = { image: image.shape, dy: dy.shape, filter: ir.shape }
  if (attributes.groups === 1 && (rows * columns > MOST_TAPS || (image.shape[3] < FEWEST_CHANNELS && rows * columns > 1)))
    return asConvolution(emission, x, gradient, facts, attributes)
  if (attributes.groups === 1 && columns > 1 && dy.shape[2] >= WIDE) return columnByColumn(emission, x, gradient, facts, attributes)
  return tapByTap(emission, x, gradient, facts, attributes)
}

/** One product of matrices per tap of the filter: a strided slice of the padded image with `dy`. */
function tapByTap(emission: Emission, x: Value, dy: Value, shapes: FilterGradientShapes, attributes: ConvolutionAttributes): Value {
  const { kernel, strides, dilations, groups } = attributes
  const [batch, height, width, outputs] = shapes.dy
  const inputs = shapes.image[3]
  const seen = seenExtents(shapes, attributes)
  // What no tap sees is not worth a copy.
  const size = attributes.pads.every((count) => count <= 0) ? shapes.image.slice(1, 3) : seen
  const padded = padImage(emission, x, shapes, attributes, size)
  const flat = emission.reshape(dy, [batch, groups, outputs / groups, height * width])
  const taps: Value[] = []
  for (let row = 0; row < kernel[0]; row++)
    for (let column = 0; column < kernel[1]; column++) {
      const start = [row * dilations[0], column * dilations[1]]
      const end = [start[0] + (height - 1) * strides[0] + 1, start[1] + (width - 1) * strides[1] + 1]
      const whole =
        start.every((from) => from === 0) && end.every((to, axis) => to === size[axis]) && strides.every((stride) => stride === 1)
      const window = whole
        ? padded
        : emission.node('Slice', [padded, ...[start, end, [2, 3], strides].map((list) => emission.integers(list))])
      const tap = emission.reshape(window, [batch, groups, inputs / groups, height * width])
      const product = emission.matrixProduct(flat, tap, [4, 4], false, true)
      const summed = batch === 1 ? product : emission.node('ReduceSum', [product, emission.integers([0])], { keepdims: 1 })
      taps.push(emission.reshape(summed, [outputs, inputs / groups, 1]))
    }
  const [first, ...others] = taps
  const all = others.length === 0 ? first : emission.node('Concat', taps, { axis: 2 })
  return emission.reshape(all, [outputs, inputs / groups, kernel[0], kernel[1]])
}

/**
 * One convolution in three dimensions, for few channels or large kernels: the batch is the channel axis, `dy` the kernel; strides become dilations and the other way
 * round.
 */
function asConvolution(emission: Emission, x: Value, dy: Value, shapes: FilterGradientShapes, attributes: ConvolutionAttributes): Value {
  const { kernel, strides, dilations } = attributes
  const [batch, height, width, outputs] = shapes.dy
  const size = seenExtents(shapes, attributes)
  const image = emission.reshape(padImage(emission, x, shapes, attributes, size), [1, batch, shapes.image[3], ...size])
  const weights = emission.reshape(emission.transpose(dy, [1, 0, 2, 3]), [outputs, batch, 1, height, width])
  const result = emission.node('Conv', [image, weights], {
    kernel_shape: [1, height, width],
    strides: [1, ...dilations],
    dilations: [1, ...strides],
  })
  return emission.reshape(result, [outputs, shapes.image[3], ...kernel])
}
