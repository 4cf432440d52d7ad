import type { FeatureLevel, GraphValue, GraphWriter, TracedFrames, TracedLevel } from '@im-iad/core'
import {
  createParameters,
  createResidualNetwork,
  heInitialization,
  RESNET18,
  residualParameters,
  traceResidualNetwork,
  type LayerName,
  type NormalSource,
  type ParameterDefinition,
  type ParameterValue,
  type ResidualArchitecture,
  type TensorEngine,
} from '@im-iad/nn'
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { unknownStride } from './errors.ts'
import type { Student } from './student.ts'

const LAYERS: readonly { readonly name: LayerName; readonly stride: number; readonly widening: number }[] = [
  { name: 'layer1', stride: 4, widening: 1 },
  { name: 'layer2', stride: 8, widening: 2 },
  { name: 'layer3', stride: 16, widening: 4 },
  { name: 'layer4', stride: 32, widening: 8 },
]

export interface ResidualStudentOptions {
  /** The teacher's. */
  readonly levels: readonly FeatureLevel[]
  /** Channels of the first layer. */
  readonly width: number
  readonly random: NormalSource
}

/**
 * A ResNet-18 of any width, with a linear layer (1x1 convolution with bias) to the teacher's channels at each level. It is for teachers that have no trainable form, and begins at random.
 * @throws ImIadError IM_IAD_E_LEVEL for a stride that it does not have
 */
export function createResidualStudent(tf: TensorEngine, { levels, width, random }: ResidualStudentOptions): Student {
  const architecture: ResidualArchitecture = { ...RESNET18, id: `resnet18-width${width}`, width }
  const places = levels.map(({ stride }) => placeOf(stride))
  const { name: through } = LAYERS[Math.max(...places)]
  const bodyDefinitions = residualParameters(architecture, through)
  const headDefinitions = levels.flatMap((level, index) => headParameters(level, width * LAYERS[places[index]].widening))
  const body = createResidualNetwork(tf, {
    architecture,
    through,
    weights: heInitialization(bodyDefinitions, random),
    use: 'trainable',
  })
  const heads = createParameters(tf, headDefinitions, heInitialization(headDefinitions, random), 'trainable')
  const read = async (): Promise<Readonly<Record<string, ParameterValue>>> => ({
    ...(await body.parameters.read()),
    ...(await heads.read()),
  })
  return {
    normalization: architecture.normalization,
    variables: new Map([...body.variables, ...heads.trained]),
    statistics: body.parameters.statistics,
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
    read,
    write(values) {
      body.parameters.write(values)
      heads.write(values)
    },
    trace: async (graph, frames) => traceStudent(graph, frames, { architecture, through, levels, places, values: await read() }),
    dispose() {
      body.dispose()
      heads.dispose()
    },
  }
}

function placeOf(stride: number): number {
  const place = LAYERS.findIndex((layer) => layer.stride === stride)
  if (place >= 0) return place
  throw unknownStride(
    stride,
    'a residual student',
    LAYERS.map((layer) => layer.stride),
  )
}

const headName = (stride: number, kind: 'weight' | 'bias'): string => `head${stride}.${kind}`

function headParameters({ stride, channels }: FeatureLevel, input: number): readonly ParameterDefinition[] {
  return [
    { name: headName(stride, 'weight'), kind: 'convolution', shape: [channels, input, 1, 1] },
    { name: headName(stride, 'bias'), kind: 'bias', shape: [channels] },
  ]
}

interface TracedStudent {
  readonly architecture: ResidualArchitecture
  readonly through: LayerName
  readonly levels: readonly FeatureLevel[]
  readonly places: readonly number[]
  readonly values: Readonly<Record<string, ParameterValue>>
}

function traceStudent(graph: GraphWriter, frames: TracedFrames, student: TracedStudent): readonly TracedLevel[] {
  const { levels, places, values } = student
  const { mean, std } = student.architecture.normalization
  const centred = graph.node('Sub', [frames.value, graph.constant(Float32Array.from(mean))])
  const normalized = graph.node('Div', [centred, graph.constant(Float32Array.from(std))])
  const features = traceResidualNetwork(graph, graph.node('Transpose', [normalized], { perm: [0, 3, 1, 2] }), student)
  const constant = (name: string): GraphValue => graph.constant(values[name].data, values[name].shape)
  return levels.map(({ stride, channels }, index) => {
    const planes = graph.node('Conv', [features[places[index]], constant(headName(stride, 'weight')), constant(headName(stride, 'bias'))])
    const value = graph.node('Transpose', [planes], { perm: [0, 2, 3, 1] })
    return { channels, height: Math.ceil(frames.height / stride), width: Math.ceil(frames.width / stride), value }
  })
}
