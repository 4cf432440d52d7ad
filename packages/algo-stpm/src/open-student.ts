import type { AlgorithmContext, FeatureLevel, TrainableBackbone } from '@im-iad/core'
import type { TensorEngine } from '@im-iad/nn'
import type { Tensor4D, Variable } from '@tensorflow/tfjs-core'
import { noTrainableTeacher, unknownStride } from './errors.ts'
import type { StpmParameters } from './parameters.ts'
import { createResidualStudent } from './residual-student.ts'
import type { Student } from './student.ts'

/**
 * A student of the teacher's architecture; where the teacher has no trainable form, a residual one with a linear layer to the teacher's channels at each level.
 * @param levels - the teacher's, those that are matched
 * @throws ImIadError IM_IAD_E_STUDENT when it is to begin as a copy of a teacher that can't be copied
 */
export async function openStudent(
  tf: TensorEngine,
  parameters: StpmParameters,
  levels: readonly FeatureLevel[],
  { trainableBackbone, random }: AlgorithmContext,
): Promise<Student> {
  const { backbone, studentInit, studentWidth: width } = parameters
  const draws = random.stream('student')
  const start = studentInit === 'teacher' ? 'pretrained' : 'random'
  const network = await trainableBackbone(backbone, { start, random: draws, strides: levels.map(({ stride }) => stride) })
  // The engine's tensors go through core unseen: it knows no engine.
  if (network !== null) return studentOf(network as TrainableBackbone<Tensor4D, Variable>, levels)
  if (studentInit === 'teacher') throw noTrainableTeacher(backbone)
  return createResidualStudent(tf, { levels, width, random: draws })
}

function studentOf(network: TrainableBackbone<Tensor4D, Variable>, levels: readonly FeatureLevel[]): Student {
  const strides = network.levels.map(({ stride }) => stride)
  const places = levels.map(({ stride }) => {
    const place = strides.indexOf(stride)
    if (place < 0) throw unknownStride(stride, "the backbone's trainable form", strides)
    return place
  })
  return {
    normalization: network.normalization,
    variables: network.variables,
    statistics: network.statistics,
    forward(images, mode) {
      const features = network.forward(images, mode)
      return places.map((place) => features[place])
    },
    read: () => network.read(),
    write: (values) => network.write(values),
    trace:
      network.trace === undefined
        ? null
        : async (graph, frames) => {
            const traced = await network.trace?.(graph, frames)
            return places.flatMap((place) => traced?.levels[place] ?? [])
          },
    dispose: () => network.dispose(),
  }
}
