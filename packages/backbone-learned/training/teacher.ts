import efficientnets from '@im-iad/backbone-efficientnet'
import { openSession } from '@im-iad/onnx'
import type { NamedTensor } from '@im-iad/weights'
import { LEVELS } from '../src/architecture.ts'
import { NORMALIZATION } from '../src/normalization.ts'

/** A trained network whose features are to be reproduced. */
export interface Teacher {
  /** Features for normalised pictures `[count, size, size, 3]`: one `[count, size / stride, size / stride, channels]` per level. */
  features(pictures: NamedTensor): Promise<readonly NamedTensor[]>
}

/** The outputs that go with {@link LEVELS}. */
const OUTPUTS = ['stage2', 'stage3', 'stage5'] as const

/**
 * Opens EfficientNet-Lite0.
 * @param file - its published weights, as `im-iad weights pull` or `add` leaves them; or a feature extractor `.onnx` with input `image` `[batch, 3, height, width]`, normalised, and outputs `stage2`, `stage3`, `stage5`
 */
export function openTeacher(file: string, threads: number): Promise<Teacher> {
  return file.endsWith('.onnx') ? openModel(file, threads) : openPublished(file, threads)
}

async function openPublished(file: string, threads: number): Promise<Teacher> {
  const plugin = efficientnets.find(({ id }) => id === 'efficientnet-lite0')
  if (plugin === undefined) throw new RangeError('backbone-efficientnet has no EfficientNet-Lite0')
  const extractor = await plugin.open({ weightsFile: file, threads })
  return {
    async features({ shape: [count = 0, size = 0], data }) {
      const batch = { count, height: size, width: size, pixels: toPixels(data as Float32Array) }
      const maps = await extractor.extract(
        batch,
        LEVELS.map(({ stride }) => stride),
      )
      return maps.map(({ level, height, width, data: values }) => ({ shape: [count, height, width, level.channels], data: values }))
    },
  }
}

/** Scenes are whole grey levels, however they are varied. */
function toPixels(normalized: Float32Array): Uint8Array {
  const { mean, std } = NORMALIZATION
  return Uint8Array.from(normalized, (value, index) => Math.round(value * std[index % 3] + mean[index % 3]))
}

async function openModel(file: string, threads: number): Promise<Teacher> {
  const session = await openSession(file, { threads })
  return {
    async features({ shape: [count = 0, size = 0], data }) {
      const planes = toPlanes(data as Float32Array, count, size * size, 3)
      const results = await session.run({ image: { shape: [count, 3, size, size], data: planes } }, OUTPUTS)
      return LEVELS.map(({ channels, stride }, index): NamedTensor => {
        const side = size / stride
        const features = results.get(OUTPUTS[index])
        if (features?.shape.join() !== [count, channels, side, side].join())
          throw new RangeError(
            `the teacher's ${OUTPUTS[index]} is [${features?.shape.join(', ')}], [${count}, ${channels}, ${side}, ${side}] is expected`,
          )
        return { shape: [count, side, side, channels], data: fromPlanes(features.data, count, side * side, channels) }
      })
    },
  }
}

function toPlanes(data: Float32Array, count: number, plane: number, channels: number): Float32Array {
  const planes = new Float32Array(data.length)
  for (let image = 0, index = 0; image < count; image++)
    for (let position = 0; position < plane; position++)
      for (let channel = 0; channel < channels; channel++, index++) planes[(image * channels + channel) * plane + position] = data[index]
  return planes
}

function fromPlanes(planes: Float32Array, count: number, plane: number, channels: number): Float32Array {
  const data = new Float32Array(planes.length)
  for (let image = 0, index = 0; image < count; image++)
    for (let position = 0; position < plane; position++)
      for (let channel = 0; channel < channels; channel++, index++) data[index] = planes[(image * channels + channel) * plane + position]
  return data
}
