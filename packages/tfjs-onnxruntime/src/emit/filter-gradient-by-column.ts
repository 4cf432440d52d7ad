import type { Value } from '@im-iad/onnx'
import type { ConvolutionAttributes } from './convolution.ts'
import type { Emission } from './emission.ts'
import { padImage, seenExtents, type FilterGradientShapes } from './padded-image.ts'

/**
 * The filter gradient by one matrix product per column of the filter. All rows of taps are picked from the image at once (`Gather` copies rows on every core, slices on one), and instead of
 * the image `dy` is shifted: rows of both have the same pitch, `dy`'s filled up with zeros. With a stride, the columns of the image are sorted by their remainder first.
 */
export function columnByColumn(
  emission: Emission,
  x: Value,
  dy: Value,
  shapes: FilterGradientShapes,
  attributes: ConvolutionAttributes,
): Value {
  const { kernel, strides, dilations } = attributes
  const [batch, height, width, outputs] = shapes.dy
  const inputs = shapes.image[3]
  const pitch = Math.ceil(seenExtents(shapes, attributes)[1] / strides[1])
  const images = gatherRows(emission, x, shapes, attributes, pitch)
  const products = Array.from({ length: kernel[1] }, (_, column) => {
    const offset = column * dilations[1]
    const shift = Math.floor(offset / strides[1])
    const shifted = shift === 0 && pitch === width ? dy : padColumns(emission, dy, shift, pitch - width - shift)
    const product = emission.matrixProduct(
      images[offset % strides[1]],
      emission.reshape(shifted, [batch, outputs, height * pitch]),
      [3, 3],
      false,
      true,
    )
    return batch === 1 ? product : emission.node('ReduceSum', [product, emission.integers([0])], { keepdims: 1 })
  })
  const all = products.length === 1 ? products[0] : emission.node('Concat', products, { axis: 0 })
  return emission.transpose(emission.reshape(all, [kernel[1], inputs, kernel[0], outputs]), [3, 1, 2, 0])
}

function padColumns(emission: Emission, value: Value, before: number, after: number): Value {
  return emission.node('Pad', [value, emission.integers([0, 0, 0, before, 0, 0, 0, after])], { mode: 'constant' })
}

/** For each remainder of the columns: `[batch, inputs * filter rows, height * pitch]`. */
function gatherRows(
  emission: Emission,
  x: Value,
  shapes: FilterGradientShapes,
  attributes: ConvolutionAttributes,
  pitch: number,
): readonly Value[] {
  const { kernel, strides, dilations } = attributes
  const [batch, height] = shapes.dy
  const inputs = shapes.image[3]
  const [rows] = seenExtents(shapes, attributes)
  const [, step] = strides
  const padded = padImage(emission, x, shapes, attributes, [rows, pitch * step])
  const sorted = step === 1 ? padded : emission.transpose(emission.reshape(padded, [batch * inputs * rows * pitch, step]), [1, 0])
  const places = Array.from({ length: kernel[0] }, (_, row) =>
    Array.from({ length: height }, (_place, line) => row * dilations[0] + line * strides[0]),
  )
  const indices = emission.builder.constant(Int32Array.from(places.flat()), [kernel[0] * height])
  const gathered = emission.node('Gather', [emission.reshape(sorted, [step * batch * inputs, rows, pitch]), indices], { axis: 1 })
  const flat = [batch, inputs * kernel[0], height * pitch]
  if (step === 1) return [emission.reshape(gathered, flat)]
  const apart = emission.reshape(gathered, [step, ...flat])
  const parts = emission.builder.nodes('Split', [apart], step, { axis: 0, num_outputs: step })
  return parts.map((part) => emission.reshape(part, flat))
}
