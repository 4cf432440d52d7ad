import type { ImageBatch, InputNormalization } from '@im-iad/core'

/** `(pixel - mean) / std` per RGB channel, float32 in the model's layout. */
export function normalize(
  { count, height, width, pixels }: ImageBatch,
  { mean, std }: InputNormalization,
  layout: 'NCHW' | 'NHWC',
): Float32Array {
  const plane = height * width
  const data = new Float32Array(count * plane * 3)
  const channelStep = layout === 'NCHW' ? plane : 1
  const pixelStep = layout === 'NCHW' ? 1 : 3
  for (let image = 0; image < count; image++)
    for (let channel = 0; channel < 3; channel++) {
      const scale = 1 / std[channel]
      const shift = -mean[channel] * scale
      let from = image * plane * 3 + channel
      let to = image * plane * 3 + channel * channelStep
      for (let position = 0; position < plane; position++, from += 3, to += pixelStep) data[to] = pixels[from] * scale + shift
    }
  return data
}
