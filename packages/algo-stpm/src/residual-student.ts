import type { FeatureLevel, GraphValue, GraphWriter, ParameterValue, TracedLevel } from '@im-iad/core'
import {
  createParameters,
  heInitialization,
  openTrainableBackbone,
  RESNET18,
  type NormalSource,
  type ParameterDefinition,
  type ResidualArchitecture,
  type TensorEngine,
} from '@im-iad/nn'
import { residualBackbone } from '@im-iad/nn/architectures'
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { unknownStride } from './errors.ts'
import type { Student } from './student.ts'

export interface ResidualStudentOptions {
  /** The teacher's. */
  readonly levels: readonly FeatureLevel[]
  /** Channels of the first layer. */
  readonly width: number
  readonly random: NormalSource
  readonly threads: number
}

/**
 * A ResNet-18 of any width, with a linear layer (1x1 convolution with bias) to the teacher's channels at each level. It is for teachers that have no trainable form, and begins at random.
 * @throws ImIadError IM_IAD_E_LEVEL for a stride that it does not have
 */
export async function openResidualStudent(tf: TensorEngine, { levels, width, random, threads }: ResidualStudentOptions): Promise<Student> {
  const architecture: ResidualArchitecture = { ...RESNET18, id: `resnet18-width${width}`, width }
  const definition = residualBackbone(architecture)
  const strides = levels.map(({ stride }) => stride)
  const places = strides.map((stride) => placeOf(definition.levels, stride))
  const body = await openTrainableBackbone(definition, { weightsFile: null, threads }, { start: 'random', random, strides })
  const headDefinitions = levels.flatMap((level, index) => headParameters(level, body.levels[places[index]].channels))
  const heads = createParameters(tf, headDefinitions, heInitialization(headDefinitions, random), 'trainable')
  return {
    normalization: architecture.normalization,
    variables: new Map([...body.variables, ...heads.trained]),
    statistics: body.statistics,
    forward(images, mode) {
      const features = body.forward(images, mode)
      return levels.map(({ stride }, index): Tensor4D => {
        const input = features[places[index]]
        const [count, height, cells, channels] = input.shape
        // A product of positions and channels: what a 1x1 convolution is.
        const rows = tf.reshape(input, [count * height * cells, channels])
        const weights = tf.squeeze<Tensor3D>(heads.get(headName(stride, 'weight')), [0, 1])
        const values = tf.add(tf.matMul(rows, weights), heads.get(headName(stride, 'bias')))
        return tf.reshape(values, [count, height, cells, -1])
      })
    },
    read: async () => ({ ...(await body.read()), ...(await heads.read()) }),
    write(values) {
      body.write(values)
      heads.write(values)
    },
    async trace(graph, frames) {
      const [features, values] = [await body.trace(graph, frames), await heads.read()]
      return levels.map((level, index) => traceHead(graph, features.levels[places[index]], level, values))
    },
    dispose() {
      body.dispose()
      heads.dispose()
    },
  }
}

function placeOf(known: readonly FeatureLevel[], stride: number): number {
  const place = known.findIndex((level) => level.stride === stride)
  if (place >= 0) return place
  throw unknownStride(
    stride,
    'a residual student',
    known.map((level) => level.stride),
  )
}

const headName = (stride: number, kind: 'weight' | 'bias'): string => `head${stride}.${kind}`

function headParameters({ stride, channels }: FeatureLevel, input: number): readonly ParameterDefinition[] {
  return [
    { name: headName(stride, 'weight'), kind: 'convolution', shape: [channels, input, 1, 1] },
    { name: headName(stride, 'bias'), kind: 'bias', shape: [channels] },
  ]
}

function traceHead(
  graph: GraphWriter,
  input: TracedLevel,
  { stride, channels }: FeatureLevel,
  values: Readonly<Record<string, ParameterValue>>,
): TracedLevel {
  const constant = (kind: 'weight' | 'bias', shape: readonly number[]): GraphValue =>
    graph.constant(values[headName(stride, kind)].data, shape)
  const weights = graph.node('Transpose', [constant('weight', [channels, input.channels])], { perm: [1, 0] })
  const value = graph.node('Add', [graph.node('MatMul', [input.value, weights]), constant('bias', [channels])])
  return { ...input, channels, value }
}
