import type {
  BackboneContext,
  FeatureExtractor,
  FeatureLevel,
  FeatureMap,
  GraphWriter,
  ImageBatch,
  TracedFeatures,
  TracedFrames,
} from '@im-iad/core'
import { openSession, type OnnxSession } from '@im-iad/onnx'
import { LEVELS } from './architecture.ts'
import { unknownStride, unsupportedSize } from './errors.ts'
import { buildNetworkGraph, INPUT, traceLevels } from './network-graph.ts'
import { readWeights, type NetworkWeights } from './read-weights.ts'

const COARSEST = Math.max(...LEVELS.map(({ stride }) => stride))

/** Puts the packaged weights into an ONNX graph and opens it. @param weights - others than the packaged ones: of a training that is tried */
export async function openLearnedBackbone(
  { threads }: Pick<BackboneContext, 'threads'>,
  weights?: NetworkWeights,
): Promise<FeatureExtractor> {
  const used = weights ?? (await readWeights())
  const session = await openSession(buildNetworkGraph(used), { threads })
  return {
    levels: LEVELS,
    notes: [],
    extract: (batch, strides) => extract(session, batch, strides),
    trace: async (graph, frames, strides) => trace(graph, used, frames, strides),
    dispose: () => session.dispose(),
  }
}

function trace(
  graph: GraphWriter,
  weights: NetworkWeights,
  { value, height, width }: TracedFrames,
  strides: readonly number[],
): TracedFeatures {
  checkSize(height, width)
  const levels = levelsOf(strides)
  const values = traceLevels(graph, weights, value, levels)
  return {
    levels: levels.map(({ channels, stride }, index) => ({
      channels,
      height: height / stride,
      width: width / stride,
      value: values[index],
    })),
    batch: null,
  }
}

function levelsOf(strides: readonly number[]): readonly FeatureLevel[] {
  return strides.map((stride) => {
    const level = LEVELS.find((candidate) => candidate.stride === stride)
    if (level === undefined) throw unknownStride(stride)
    return level
  })
}

function checkSize(height: number, width: number): void {
  if (height % COARSEST !== 0 || width % COARSEST !== 0) throw unsupportedSize(width, height, COARSEST)
}

async function extract(
  session: OnnxSession,
  { count, height, width, pixels }: ImageBatch,
  strides: readonly number[],
): Promise<readonly FeatureMap[]> {
  const levels = levelsOf(strides)
  checkSize(height, width)
  const feeds = { [INPUT]: { shape: [count, height, width, 3], data: new Float32Array(pixels) } }
  const results = await session.run(
    feeds,
    levels.map(({ name }) => name),
  )
  return levels.flatMap((level) => {
    const tensor = results.get(level.name)
    return tensor === undefined ? [] : [{ level, height: height / level.stride, width: width / level.stride, data: tensor.data }]
  })
}
