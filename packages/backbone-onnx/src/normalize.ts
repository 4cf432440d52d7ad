import type { GraphValue, GraphWriter, ImageBatch, InputNormalization } from '@im-iad/core'

/** `(pixel - mean) / std` per RGB channel, float32 in the model's layout. */
export function normalize(
  { count, height, width, pixels }: ImageBatch,
  normalization: InputNormalization,
  layout: 'NCHW' | 'NHWC',
): Float32Array {
  const { scales, shifts } = linearForm(normalization)
  const plane = height * width
  const data = new Float32Array(count * plane * 3)
  const channelStep = layout === 'NCHW' ? plane : 1
  const pixelStep = layout === 'NCHW' ? 1 : 3
  for (let image = 0; image < count; image++)
    for (let channel = 0; channel < 3; channel++) {
      const scale = scales[channel]
      const shift = shifts[channel]
      let from = image * plane * 3 + channel
      let to = image * plane * 3 + channel * channelStep
      for (let position = 0; position < plane; position++, from += 3, to += pixelStep) data[to] = pixels[from] * scale + shift
    }
  return data
}

/** What {@link normalize} does, in a graph: float32 `[count, height, width, 3]` in 0…255 to the model's layout. */
export function traceNormalization(
  graph: GraphWriter,
  frames: GraphValue,
  normalization: InputNormalization,
  layout: 'NCHW' | 'NHWC',
): GraphValue {
  const { scales, shifts } = linearForm(normalization)
  // By planes where they are wanted: ONNX Runtime is slow where an operand changes with every element.
  const isFirst = layout === 'NCHW'
  const pictures = isFirst ? graph.node('Transpose', [frames], { perm: [0, 3, 1, 2] }) : frames
  const perChannel = (values: readonly number[]): GraphValue => graph.constant(Float32Array.from(values), isFirst ? [3, 1, 1] : [3])
  return graph.node('Add', [graph.node('Mul', [pictures, perChannel(scales)]), perChannel(shifts)])
}

/** `(p - mean) / std` as `p * scale + shift`, per RGB channel. */
function linearForm({ mean, std }: InputNormalization): { readonly scales: readonly number[]; readonly shifts: readonly number[] } {
  return { scales: std.map((deviation) => 1 / deviation), shifts: mean.map((value, channel) => -value * (1 / std[channel])) }
}
