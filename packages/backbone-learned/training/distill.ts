import type { TensorEngine } from '@im-iad/nn'
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { LEVELS } from '../src/architecture.ts'
import { standardize } from './channel-statistics.ts'
import { sceneStatistics } from './scene-statistics.ts'
import { variedBatch } from './scenes/scene-batches.ts'
import type { TrainingSettings } from './settings.ts'
import type { Student } from './student.ts'
import type { Teacher } from './teacher.ts'
import { trainStudent, type TrainedBackbone, type TrainingHost } from './train-student.ts'

/** The share of a level's loss that is the angle between feature vectors. */
const ANGLE_WEIGHT = 0.5

/** The finest level counts half: little is detected by it alone. */
const LEVEL_WEIGHTS = [0.5, 1, 1] as const

/** The student learns to give the teacher's standardised features: knowledge distillation from hints (Romero et al., "FitNets", ICLR 2015). */
export async function distill(
  tf: TensorEngine,
  teacher: Teacher,
  settings: TrainingSettings,
  host: TrainingHost,
): Promise<TrainedBackbone> {
  const statistics = await sceneStatistics(settings, (pictures) => teacher.features(pictures))
  const student = await trainStudent(tf, settings, host, ({ network, pool, random }) => ({
    async load({ step, indices }) {
      const pictures = variedBatch(pool, indices, random.stream(`variation/${step}`))
      const features = await teacher.features(pictures)
      const targets = features.map((level, index) => [LEVELS[index].name, standardize(level, statistics[index])] as const)
      return { pictures, ...Object.fromEntries(targets) }
    },
    loss: (batch) => distillationLoss(tf, network, batch),
  }))
  return { student, outputs: statistics.map(({ mean, deviation }) => ({ factor: deviation, shift: mean })) }
}

/** Of every level: the mean squared difference, and how far the directions of the features are apart. */
function distillationLoss(
  tf: TensorEngine,
  student: Student,
  batch: Readonly<Record<string, Tensor>>,
): { readonly total: Scalar; readonly parts: Readonly<Record<string, Scalar>> } {
  const levels = [...student.heads(student.stages(batch['pictures'] as Tensor4D, 'training')).values()]
  const squared = levels.map((level, index) => tf.mean<Scalar>(tf.squaredDifference(level, batch[LEVELS[index].name])))
  const angles = levels.map((level, index) => tf.sub<Scalar>(1, tf.mean(cosineSimilarity(tf, level, batch[LEVELS[index].name]))))
  const total = tf.addN(
    squared.map((value, index) => tf.mul<Scalar>(tf.add(value, tf.mul(angles[index], ANGLE_WEIGHT)), LEVEL_WEIGHTS[index])),
  )
  return { total, parts: Object.fromEntries(squared.map((value, index) => [LEVELS[index].name, value])) }
}

function cosineSimilarity(tf: TensorEngine, left: Tensor, right: Tensor): Tensor {
  const norms = tf.sqrt(tf.mul(tf.sum(tf.square(left), -1), tf.sum(tf.square(right), -1)))
  return tf.div(tf.sum(tf.mul(left, right), -1), tf.add(norms, 1e-3))
}
