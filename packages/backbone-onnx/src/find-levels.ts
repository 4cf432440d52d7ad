import type { FeatureLevel } from '@im-iad/core'
import type { OnnxSession } from '@im-iad/onnx'
import { notAFeatureExtractor } from './errors.ts'
import type { ImageInput } from './image-input.ts'

/** A feature level and the output that gives it. */
export interface OutputLevel {
  readonly level: FeatureLevel
  readonly output: string
}

/** The side of the picture that strides are found with, where the model takes any. */
const DRY_RUN_SIZE = 256

/**
 * Tells a model's outputs apart by their stride, with one dry run; sorted from fine to coarse.
 * Outputs that are no maps (logits beside the features) are passed over as long as a map remains.
 * @throws ImIadError IM_IAD_E_ONNX_BACKBONE when no output is a feature map, or two have one stride
 */
export async function findLevels(session: OnnxSession, input: ImageInput, file: string): Promise<readonly OutputLevel[]> {
  const height = input.height ?? DRY_RUN_SIZE
  const width = input.width ?? DRY_RUN_SIZE
  const shape = input.layout === 'NCHW' ? [input.batch ?? 1, 3, height, width] : [input.batch ?? 1, height, width, 3]
  const results = await session.run({ [input.name]: { shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) } })
  const levels = [...results].flatMap(([output, tensor]) => levelOf(output, tensor.shape, input, { height, width }) ?? [])
  if (levels.length === 0) {
    const shapes = [...results].map(([name, tensor]) => `${name} [${tensor.shape.join(', ')}]`).join(', ')
    throw notAFeatureExtractor(
      file,
      `for a picture of ${width}x${height} its outputs are ${shapes}; feature maps are expected, [batch, channels, height / stride, width / stride]`,
    )
  }
  for (const { level, output } of levels) {
    const twin = levels.find((other) => other.output !== output && other.level.stride === level.stride)
    if (twin !== undefined)
      throw notAFeatureExtractor(
        file,
        `its outputs "${output}" and "${twin.output}" both have stride ${level.stride}, so they can't be told apart`,
      )
  }
  return levels.toSorted((a, b) => a.level.stride - b.level.stride)
}

function levelOf(
  output: string,
  shape: readonly number[],
  { layout }: ImageInput,
  size: { readonly height: number; readonly width: number },
): OutputLevel | null {
  if (shape.length !== 4) return null
  const [, channels = 0, height = 0, width = 0] = layout === 'NCHW' ? shape : [shape[0], shape[3], shape[1], shape[2]]
  const stride = Math.round(size.height / height)
  const isMap = height > 1 && width > 1 && Math.ceil(size.height / stride) === height && Math.ceil(size.width / stride) === width
  return isMap ? { level: { name: output, channels, stride }, output } : null
}
