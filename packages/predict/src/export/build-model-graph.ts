import type { ModelInput } from '../model/description.ts'
import { GraphBuilder, type Dimension, type GraphOptions } from '@im-iad/onnx'
import type { AlgorithmInstance, AlgorithmPlugin } from '@im-iad/core'
import { untraceableAlgorithm } from './export-errors.ts'
import { traceGeometry, tracePictures } from './trace-geometry.ts'
import { traceNativeMap } from './trace-native-map.ts'

/** An input or output of an exported model. */
export interface ExportedTensor {
  readonly name: string
  readonly type: 'uint8' | 'float32'
  /** Names stand for sizes that the pictures decide. */
  readonly shape: readonly Dimension[]
  /** For people. */
  readonly contains: string
}

export interface ModelGraph {
  readonly builder: GraphBuilder
  readonly inputs: readonly ExportedTensor[]
  readonly outputs: readonly ExportedTensor[]
}

/** Names that programs rely on. */
export const TENSORS = { image: 'image', score: 'score', map: 'map' } as const

/**
 * The whole way from pictures to scores and maps as one graph.
 * @throws ImIadError IM_IAD_E_EXPORT when the algorithm or its backbone can't be written as a graph, IM_IAD_E_ONNX_EMBED for a backbone file that can't be a part of one, IM_IAD_E_ONNX_SIZE when it gets too large
 */
export async function buildModelGraph(
  plugin: AlgorithmPlugin,
  instance: AlgorithmInstance,
  geometry: ModelInput,
  options: GraphOptions,
): Promise<ModelGraph> {
  const builder = new GraphBuilder(`im-iad-${plugin.id}`, options)
  const pictures = tracePictures(builder, { name: TENSORS.image })
  const prediction = await instance.trace?.(builder, traceGeometry(builder, pictures, geometry))
  if (prediction === undefined) throw untraceableAlgorithm(plugin.id)
  const { scores, maps, batch } = prediction
  const count: Dimension = batch ?? 'batch'
  const image: ExportedTensor = {
    name: TENSORS.image,
    type: 'uint8',
    shape: [count, 'height', 'width', 3],
    contains: 'pictures of one size, any size, RGB, 0…255, upright (EXIF orientation applied), not resized, not normalised',
  }
  builder.input(image.name, image.shape, image.type)
  const score: ExportedTensor = { name: TENSORS.score, type: 'float32', shape: [count], contains: 'higher is more anomalous' }
  builder.output(score.name, scores, score.shape)
  if (maps === undefined) return { builder, inputs: [image], outputs: [score] }
  const map: ExportedTensor = {
    name: TENSORS.map,
    type: 'float32',
    shape: [count, 'height', 'width'],
    contains: "where: in the picture's own size, higher is more anomalous",
  }
  builder.output(map.name, traceNativeMap(builder, maps, pictures, geometry), map.shape)
  return { builder, inputs: [image], outputs: [score, map] }
}
