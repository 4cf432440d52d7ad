import type { FitRequest, RandomSource } from '@im-iad/core'
import { featureBatch, limitEpochs, pixelBatch, trainTask, type FeatureFile, type Optimizer, type TensorEngine } from '@im-iad/nn'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { differentGrid } from './errors.ts'
import { matchingLoss } from './matching.ts'
import type { StpmParameters } from './parameters.ts'
import type { Student } from './student.ts'

export interface StudentTraining {
  readonly parameters: StpmParameters
  readonly context: { readonly random: RandomSource }
  readonly tf: TensorEngine
  readonly student: Student
  readonly optimizer: Optimizer
  /** The teacher's, of the task's pictures. */
  readonly features: FeatureFile
}

/** Fits the student to the teacher on one task. */
export async function trainStudent(request: FitRequest, training: StudentTraining): Promise<void> {
  const { task, samples } = request
  const { parameters, context, tf, student, optimizer, features } = training
  const { batchSize, levels, lossReduction } = parameters
  const order = { sampleCount: samples.length, batchSize, lastBatch: 'keep' } as const
  await trainTask(request, {
    ...order,
    tf,
    optimizer,
    statistics: student.statistics,
    epochs: limitEpochs(parameters.epochs, parameters.stepLimit, order),
    shuffle: context.random.stream(`order of ${task}`),
    load: async ({ indices }) => ({
      images: await pixelBatch(samples, indices, student.normalization),
      ...(await featureBatch(features, indices, levelName)),
    }),
    loss: (batch) => {
      const teacher = levels.map((_, level) => batch[levelName(level)] as Tensor4D)
      const learned = student.forward(batch['images'] as Tensor4D, 'training')
      for (const [level, stride] of levels.entries()) requireSameGrid(stride, teacher[level], learned[level])
      return matchingLoss(tf, teacher, learned, lossReduction)
    },
    settings: parameters,
    seed: context.random.seed,
  })
}

const levelName = (level: number): string => `teacher ${level}`

function requireSameGrid(stride: number, teacher: Tensor, student: Tensor): void {
  const [wanted, given] = [teacher, student].map(({ shape: [, height, width] }) => `${width}x${height}`)
  if (wanted !== given) throw differentGrid(stride, wanted, given)
}
