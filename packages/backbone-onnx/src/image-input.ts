import type { OnnxSession } from '@im-iad/onnx'
import type { Description } from './description.ts'
import { notAFeatureExtractor } from './errors.ts'

/** The one input of a feature extractor. */
export interface ImageInput {
  readonly name: string
  readonly layout: 'NCHW' | 'NHWC'
  /** `null` where the model takes any number. */
  readonly batch: number | null
  readonly height: number | null
  readonly width: number | null
}

/** @throws ImIadError IM_IAD_E_ONNX_BACKBONE unless the model's one input is a float32 batch of 3-channel pictures */
export function inputOf({ inputs }: OnnxSession, { layout: described }: Description, file: string): ImageInput {
  const [input, second] = inputs
  if (input === undefined || second !== undefined)
    throw notAFeatureExtractor(
      file,
      `it has ${inputs.length} inputs (${inputs.map(({ name }) => name).join(', ')}); one is expected, the pictures`,
    )
  const { name, type, shape } = input
  const text = `its input "${name}" is ${type} [${shape.join(', ')}]`
  if (type !== 'float32' || shape.length !== 4)
    throw notAFeatureExtractor(file, `${text}; float32 [batch, 3, height, width] or [batch, height, width, 3] is expected`)
  const layout = described ?? (shape[3] === 3 && shape[1] !== 3 ? 'NHWC' : 'NCHW')
  const [batch, channels, height, width] = layout === 'NCHW' ? shape : [shape[0], shape[3], shape[1], shape[2]]
  if (typeof channels === 'number' && channels !== 3)
    throw notAFeatureExtractor(file, `${text}: ${channels} channels where pictures have 3`)
  return { name, layout, batch: fixed(batch), height: fixed(height), width: fixed(width) }
}

function fixed(dimension: number | string | undefined): number | null {
  return typeof dimension === 'number' && dimension > 0 ? dimension : null
}
