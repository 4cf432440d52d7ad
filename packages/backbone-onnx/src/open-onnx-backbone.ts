import { basename } from 'node:path'
import type { BackboneContext, FeatureExtractor, FeatureLevel, FeatureMap, ImageBatch } from '@im-iad/core'
import { openSession, type FloatTensor, type OnnxSession } from '@im-iad/onnx'
import { missingFile, unknownStride } from './errors.ts'
import { findLevels, type OutputLevel } from './find-levels.ts'
import { readDescription, type Description } from './description.ts'
import { inputOf, type ImageInput } from './image-input.ts'
import { normalize } from './normalize.ts'
import { traceOnnxBackbone } from './trace-onnx-backbone.ts'

/**
 * Opens an `.onnx` file as a frozen backbone: its outputs are the feature levels.
 * @throws ImIadError IM_IAD_E_ONNX_BACKBONE when its input is no batch of pictures, or its outputs are no feature maps
 */
export async function openOnnxBackbone({ weightsFile, threads }: BackboneContext): Promise<FeatureExtractor> {
  if (weightsFile === null) throw missingFile()
  const description = await readDescription(weightsFile)
  const session = await openSession(weightsFile, { threads })
  try {
    const input = inputOf(session, description, weightsFile)
    const levels = await findLevels(session, input, weightsFile)
    const opened: OpenBackbone = { session, description, input, levels, file: weightsFile }
    return {
      levels: levels.map(({ level }) => level),
      notes: description.notes,
      extract: (batch, strides) => extract(batch, strides, opened),
      trace: async (graph, frames, strides) => traceOnnxBackbone(graph, frames, { ...opened, wanted: wantedLevels(strides, opened) }),
      dispose: () => session.dispose(),
    }
  } catch (error) {
    await session.dispose()
    throw error
  }
}

interface OpenBackbone {
  readonly session: OnnxSession
  readonly description: Description
  readonly input: ImageInput
  readonly levels: readonly OutputLevel[]
  readonly file: string
}

async function extract(batch: ImageBatch, strides: readonly number[], backbone: OpenBackbone): Promise<readonly FeatureMap[]> {
  const { input } = backbone
  const wanted = wantedLevels(strides, backbone)
  const perRun = input.batch ?? batch.count
  const parts: (readonly FeatureMap[])[] = []
  for (let start = 0; start < batch.count; start += perRun) parts.push(await extractPart(slice(batch, start, perRun), wanted, backbone))
  const [only, second] = parts
  return only !== undefined && second === undefined ? only : wanted.map((_, index) => joinParts(parts.flatMap((part) => part[index] ?? [])))
}

function wantedLevels(strides: readonly number[], { levels, file }: OpenBackbone): readonly OutputLevel[] {
  return strides.map((stride) => {
    const found = levels.find(({ level }) => level.stride === stride)
    if (found === undefined)
      throw unknownStride(
        basename(file),
        stride,
        levels.map(({ level }) => level.stride),
      )
    return found
  })
}

/** `size` pictures from `start` on; the last one again where there are too few for a model of fixed batch size. */
function slice(batch: ImageBatch, start: number, size: number): ImageBatch & { readonly kept: number } {
  const plane = batch.height * batch.width * 3
  const kept = Math.min(size, batch.count - start)
  if (kept === size) return { ...batch, count: size, kept, pixels: batch.pixels.subarray(start * plane, (start + size) * plane) }
  const pixels = new Uint8Array(size * plane)
  for (let image = 0; image < size; image++)
    pixels.set(batch.pixels.subarray((start + Math.min(image, kept - 1)) * plane).subarray(0, plane), image * plane)
  return { ...batch, count: size, kept, pixels }
}

async function extractPart(
  batch: ImageBatch & { readonly kept: number },
  wanted: readonly OutputLevel[],
  { session, description, input }: OpenBackbone,
): Promise<readonly FeatureMap[]> {
  const { count, height, width } = batch
  const shape = input.layout === 'NCHW' ? [count, 3, height, width] : [count, height, width, 3]
  const feeds = { [input.name]: { shape, data: normalize(batch, description, input.layout) } }
  const results = await session.run(
    feeds,
    wanted.map((level) => level.output),
  )
  return wanted.flatMap(({ level, output }) => {
    const tensor = results.get(output)
    return tensor === undefined ? [] : [featureMap(level, tensor, input.layout, batch.kept)]
  })
}

/** `[N, C, H, W]` to `[N, H, W, C]`, the first `kept` pictures. */
function featureMap(level: FeatureLevel, { shape, data }: FloatTensor, layout: ImageInput['layout'], kept: number): FeatureMap {
  const [, channels = 0, height = 0, width = 0] = layout === 'NCHW' ? shape : [shape[0], shape[3], shape[1], shape[2]]
  const plane = height * width
  if (layout === 'NHWC') return { level, height, width, data: data.subarray(0, kept * plane * channels) }
  const transposed = new Float32Array(kept * plane * channels)
  for (let image = 0; image < kept; image++)
    for (let channel = 0; channel < channels; channel++) {
      const from = (image * channels + channel) * plane
      let to = image * plane * channels + channel
      for (let position = 0; position < plane; position++, to += channels) transposed[to] = data[from + position]
    }
  return { level, height, width, data: transposed }
}

function joinParts(parts: readonly FeatureMap[]): FeatureMap {
  const [first] = parts
  if (first === undefined) throw new RangeError('a batch has at least one picture')
  const data = new Float32Array(parts.reduce((length, part) => length + part.data.length, 0))
  let offset = 0
  for (const part of parts) {
    data.set(part.data, offset)
    offset += part.data.length
  }
  return { ...first, data }
}
