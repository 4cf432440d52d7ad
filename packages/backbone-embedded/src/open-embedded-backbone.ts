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
import { unknownStride, unsupportedSize } from './errors.ts'
import { buildFeatureGraph, INPUT, traceLevels } from './feature-graph.ts'
import { LEVELS } from './levels.ts'

const COARSEST = Math.max(...LEVELS.map(({ stride }) => stride))

/** Computes the filters, puts them into an ONNX graph and opens it. */
export async function openEmbeddedBackbone({ threads }: Pick<BackboneContext, 'threads'>): Promise<FeatureExtractor> {
  const session = await openSession(buildFeatureGraph(), { threads })
  return {
    levels: LEVELS,
    notes: [],
    extract: (batch, strides) => extract(session, batch, strides),
    trace: async (graph, frames, strides) => trace(graph, frames, strides),
    dispose: () => session.dispose(),
  }
}

function trace(graph: GraphWriter, { value, height, width }: TracedFrames, strides: readonly number[]): TracedFeatures {
  checkSize(height, width)
  const levels = levelsOf(strides)
  const values = traceLevels(graph, value, levels)
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
