import type { FitRequest, RandomSource } from '@im-iad/core'
import { fitProgress, limitEpochs, pixelBatch, train, type Optimizer, type TensorEngine, type TrainingBatch } from '@im-iad/nn'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { differentGrid } from './errors.ts'
import { matchingLoss } from './matching.ts'
import type { StpmParameters } from './parameters.ts'
import type { Student } from './student.ts'
import type { TeacherFeatures, TeacherLevel } from './teacher-features.ts'

export interface StudentTraining {
  readonly parameters: StpmParameters
  readonly context: { readonly random: RandomSource; readonly log: (message: string) => void }
  readonly tf: TensorEngine
  readonly student: Student
  readonly optimizer: Optimizer
  readonly features: TeacherFeatures
}

const SECONDS_BETWEEN_CHECKPOINTS = 30

/** Fits the student to the teacher on one task. */
export async function trainStudent(
  { task, samples, checkpoint, onProgress, signal }: FitRequest,
  training: StudentTraining,
): Promise<void> {
  const { parameters, context, tf, student, optimizer, features } = training
  const { batchSize, levels, lossReduction } = parameters
  const order = { sampleCount: samples.length, batchSize, lastBatch: 'keep' } as const
  const epochs = limitEpochs(parameters.epochs, parameters.stepLimit, order)
  signal.throwIfAborted()
  const { epochLosses } = await train({
    ...order,
    tf,
    optimizer,
    statistics: student.statistics,
    epochs,
    shuffle: context.random.stream(`order of ${task}`),
    load: async ({ indices }) => ({
      images: await pixelBatch(samples, indices, student.normalization),
      ...(await teacherBatch(features, indices)),
    }),
    loss: (batch) => {
      const teacher = levels.map((_, level) => batch[levelName(level)] as Tensor4D)
      const learned = student.forward(batch['images'] as Tensor4D, 'training')
      for (const [level, stride] of levels.entries()) requireSameGrid(stride, teacher[level], learned[level])
      return matchingLoss(tf, teacher, learned, lossReduction)
    },
    checkpoint: {
      store: checkpoint,
      everySeconds: SECONDS_BETWEEN_CHECKPOINTS,
      settings: { ...parameters, task, seed: context.random.seed },
    },
    onStep: fitProgress(epochs, onProgress),
    signal,
  })
  onProgress({ fraction: 1, stage: 'trained', ...(epochLosses.length > 0 && { loss: epochLosses[epochLosses.length - 1] }) })
}

const levelName = (level: number): string => `teacher ${level}`

/** The teacher's features of a batch, an array `[count, height, width, channels]` per level. */
async function teacherBatch(features: TeacherFeatures, indices: readonly number[]): Promise<TrainingBatch> {
  const pictures: (readonly TeacherLevel[])[] = []
  for (const index of indices) pictures.push(await features.at(index))
  const [first = []] = pictures
  return Object.fromEntries(
    first.map(({ height, width, channels }, level) => {
      const data = new Float32Array(indices.length * height * width * channels)
      for (const [place, picture] of pictures.entries()) data.set(picture[level].data, place * height * width * channels)
      return [levelName(level), { shape: [indices.length, height, width, channels], data }]
    }),
  )
}

function requireSameGrid(stride: number, teacher: Tensor, student: Tensor): void {
  const [wanted, given] = [teacher, student].map(({ shape: [, height, width] }) => `${width}x${height}`)
  if (wanted !== given) throw differentGrid(stride, wanted, given)
}
