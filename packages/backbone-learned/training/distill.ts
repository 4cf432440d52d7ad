import { createRandomSource } from '@im-iad/core'
import { createOptimizer, cosine, train, warmUp, type TensorEngine, type TrainingRequest } from '@im-iad/nn'
import type { NamedTensor } from '@im-iad/weights'
import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { LEVELS } from '../src/architecture.ts'
import { channelStatistics, standardize, type ChannelStatistics } from './channel-statistics.ts'
import type { OutputScaling } from './fold-weights.ts'
import { variedBatch } from './scenes/scene-batches.ts'
import { createScenePool } from './scenes/scene-pool.ts'
import type { TrainingSettings } from './settings.ts'
import { createStudent, type Student } from './student.ts'
import type { Teacher } from './teacher.ts'

/** What a training reports and where it is kept. */
export type TrainingHost = Pick<TrainingRequest, 'checkpoint' | 'onStep' | 'signal'>

/** What a recipe ends with. */
export interface TrainedBackbone {
  readonly student: Student
  /** What is done to the levels afterwards: a distilled network's are brought to the scale of its teacher's, a self-supervised one's are standardised. */
  readonly outputs: readonly OutputScaling[]
}

/** The share of a level's loss that is the angle between feature vectors. */
const ANGLE_WEIGHT = 0.5

/** The finest level counts half: little is detected by it alone. */
const LEVEL_WEIGHTS = [0.5, 1, 1] as const

/** Scenes that the teacher's statistics are taken from. */
const STATISTICS_SCENES = 256

/** The student learns to give the teacher's standardised features: knowledge distillation from hints (Romero et al., "FitNets", ICLR 2015). */
export async function distill(
  tf: TensorEngine,
  teacher: Teacher,
  settings: TrainingSettings,
  host: TrainingHost,
): Promise<TrainedBackbone> {
  const { seed, size, scenes, epochs, batchSize, learningRate, weightDecay } = settings
  const random = createRandomSource(seed, 'training')
  const pool = createScenePool(seed, size)
  const statistics = await teacherStatistics(teacher, settings)
  const student = createStudent(tf, { seed, heads: true })
  await train({
    tf,
    optimizer: createOptimizer(tf, [{ variables: student.parameters.trained, settings: { kind: 'adamw', learningRate, weightDecay } }]),
    statistics: student.parameters.statistics,
    schedule: warmUp(settings.warmUp, 0.05, cosine({ by: 'step' })),
    clipping: { by: 'norm', limit: 5 },
    epochs,
    sampleCount: scenes,
    batchSize,
    lastBatch: 'drop',
    shuffle: random.stream('order'),
    async load({ step, indices }) {
      const pictures = variedBatch(pool, indices, random.stream(`variation/${step}`))
      const features = await teacher.features(pictures)
      const targets = features.map((level, index) => [LEVELS[index].name, standardize(level, statistics[index])] as const)
      return { pictures, ...Object.fromEntries(targets) }
    },
    loss: (batch) => distillationLoss(tf, student, batch),
    ...host,
  })
  return { student, outputs: statistics.map(({ mean, deviation }) => ({ factor: deviation, shift: mean })) }
}

/** Mean and deviation of the teacher's features over the first scenes of a training. */
export async function teacherStatistics(
  teacher: Teacher,
  { seed, size, batchSize }: Pick<TrainingSettings, 'seed' | 'size' | 'batchSize'>,
): Promise<readonly ChannelStatistics[]> {
  const [random, pool] = [createRandomSource(seed, 'training'), createScenePool(seed, size)]
  const seen: NamedTensor[][] = LEVELS.map(() => [])
  for (let first = 0; first < STATISTICS_SCENES; first += batchSize) {
    const indices = Array.from({ length: batchSize }, (_, place) => first + place)
    const features = await teacher.features(variedBatch(pool, indices, random.stream(`variation/statistics/${first}`)))
    for (const [level, values] of features.entries()) seen[level].push(values)
  }
  return seen.map(channelStatistics)
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
