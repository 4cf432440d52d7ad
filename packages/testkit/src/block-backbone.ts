import type { FeatureExtractor, FeatureLevel, ImageBatch } from '@im-iad/core'

/** A backbone whose features are known: means over blocks of `stride` pixels of the three colours, and further channels that are products of them. */
export function blockBackbone(strides: readonly number[], channels: number): FeatureExtractor {
  const levels: readonly FeatureLevel[] = strides.map((stride) => ({ name: `block${stride}`, channels, stride }))
  return {
    levels,
    notes: [],
    extract: (batch, wanted) =>
      Promise.resolve(
        wanted.map((stride) => ({ level: { name: `block${stride}`, channels, stride }, ...blockMeans(batch, stride, channels) })),
      ),
    dispose: () => Promise.resolve(),
  }
}

function blockMeans(
  { count, height, width, pixels }: ImageBatch,
  stride: number,
  channels: number,
): { height: number; width: number; data: Float32Array } {
  const [rows, columns] = [height / stride, width / stride]
  const data = new Float32Array(count * rows * columns * channels)
  for (let image = 0; image < count; image++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const target = ((image * rows + Math.floor(y / stride)) * columns + Math.floor(x / stride)) * channels
        const source = ((image * height + y) * width + x) * 3
        for (let channel = 0; channel < channels; channel++)
          data[target + channel] += (pixels[source + (channel % 3)] * (1 + (channel % 5) * 0.25)) / (255 * stride * stride)
      }
  return { height: rows, width: columns, data }
}
