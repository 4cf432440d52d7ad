import { readFile } from 'node:fs/promises'
import type { GraphWriter, TracedFeatures, TracedFrames } from '@im-iad/core'
import type { Description } from './description.ts'
import type { OutputLevel } from './find-levels.ts'
import type { ImageInput } from './image-input.ts'
import { traceNormalization } from './normalize.ts'

/** What is needed to take the file into another graph. */
export interface TracedBackbone {
  readonly file: string
  readonly description: Description
  readonly input: ImageInput
  readonly wanted: readonly OutputLevel[]
}

/**
 * The file as a part of another graph, behind its normalisation.
 * @throws ImIadError IM_IAD_E_ONNX_EMBED when it can't be one: other operators than the standard's, an old operator set
 */
export async function traceOnnxBackbone(
  graph: GraphWriter,
  { value, height, width }: TracedFrames,
  { file, description, input, wanted }: TracedBackbone,
): Promise<TracedFeatures> {
  const pictures = traceNormalization(graph, value, description, input.layout)
  const outputs = graph.embed(
    await readFile(file),
    { [input.name]: pictures },
    wanted.map(({ output }) => output),
  )
  const levels = wanted.map(({ level: { channels, stride } }, index) => ({
    channels,
    height: Math.ceil(height / stride),
    width: Math.ceil(width / stride),
    value: input.layout === 'NHWC' ? outputs[index] : graph.node('Transpose', [outputs[index]], { perm: [0, 2, 3, 1] }),
  }))
  return { levels, batch: input.batch }
}
