import {
  batchNormalize,
  batchNormParameters,
  convolutionParameters,
  createParameters,
  heInitialization,
  type NetworkMode,
  type ParameterDefinition,
  type ParameterSet,
  type TensorEngine,
} from '@im-iad/nn'
import { createRandomSource } from '@im-iad/core'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { HEADS, NORMALIZED_UNITS, type ConvolutionUnit } from '../src/architecture.ts'
import { traceHeads, traceStages, type NetworkOperations } from '../src/trace-network.ts'

/** The network while it learns. */
export interface Student {
  readonly parameters: ParameterSet
  /** The outputs of the stages for normalised pictures `[count, height, width, 3]`. */
  stages(pictures: Tensor4D, mode: NetworkMode): readonly Tensor4D[]
  /** The levels by name, from those outputs. */
  heads(stages: readonly Tensor4D[]): ReadonlyMap<string, Tensor4D>
}

export interface StudentOptions {
  readonly seed: number
  /** Whether it has the heads that regress a teacher's features. */
  readonly heads: boolean
  /** Further parameters, of what is thrown away afterwards. */
  readonly further?: readonly ParameterDefinition[]
}

/** The heads start small, so that the first steps are not spent on making them so. */
const HEAD_START = 0.1

/** All parameters, started as He et al. (2015) do. */
export function createStudent(tf: TensorEngine, { seed, heads, further = [] }: StudentOptions): Student {
  const definitions = [...studentParameters(heads), ...further]
  const weights = new Map(heInitialization(definitions, createRandomSource(seed, 'training').stream('initialization')))
  for (const name of HEAD_NAMES) {
    const start = weights.get(`${name}.weight`)
    if (start !== undefined) weights.set(`${name}.weight`, { ...start, data: start.data.map((value) => value * HEAD_START) })
  }
  const parameters = createParameters(tf, definitions, weights, 'trainable')
  const operations = (mode: NetworkMode): NetworkOperations<Tensor4D> => ({
    convolve: (values, unit) => convolveUnit(tf, parameters, values, unit, mode),
    rectify: (values) => tf.relu(values),
    add: (left, right) => tf.add(left, right),
  })
  return {
    parameters,
    stages: (pictures, mode) => traceStages(operations(mode), pictures),
    heads: (stages) => traceHeads(operations('training'), stages),
  }
}

export function studentParameters(heads: boolean): readonly ParameterDefinition[] {
  return [
    ...NORMALIZED_UNITS.flatMap(({ name, input, output, kernel }) => [
      ...convolutionParameters(name, input, output, kernel),
      ...batchNormParameters(`${name}.norm`, output),
    ]),
    ...(heads ? HEADS : []).flatMap(({ unit: { name, input, output, kernel } }) => [
      ...convolutionParameters(name, input, output, kernel),
      { name: `${name}.bias`, kind: 'bias' as const, shape: [output] },
    ]),
  ]
}

const HEAD_NAMES: ReadonlySet<string> = new Set(HEADS.map(({ unit }) => unit.name))

function convolveUnit(
  tf: TensorEngine,
  parameters: ParameterSet,
  values: Tensor4D,
  { name, stride }: ConvolutionUnit,
  mode: NetworkMode,
): Tensor4D {
  const convolved = tf.conv2d(values, parameters.get(`${name}.weight`) as Tensor4D, stride, 'same')
  if (HEAD_NAMES.has(name)) return tf.add(convolved, parameters.get(`${name}.bias`))
  const normalization = {
    scale: parameters.get(`${name}.norm.weight`),
    offset: parameters.get(`${name}.norm.bias`),
    runningMean: parameters.get(`${name}.norm.running_mean`),
    runningVariance: parameters.get(`${name}.norm.running_var`),
  }
  return batchNormalize(tf, convolved, normalization, mode)
}
