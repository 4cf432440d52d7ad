import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

export interface StpmParameters {
  readonly backbone: string
  readonly levels: number[]
  readonly size: number
  readonly studentInit: 'teacher' | 'random'
  readonly studentWidth: number
  readonly epochs: number
  readonly stepLimit: number | null
  readonly batchSize: number
  readonly learningRate: number
  readonly momentum: number
  readonly weightDecay: number
  readonly lossReduction: 'sum' | 'mean'
}

/** What STPM can be told; the defaults are those of the paper's tables (IM-IAD, Table V, and open-iad). */
export const parameters: ParameterSchema<StpmParameters> = z.strictObject({
  backbone: z.string().min(1).default('resnet18').describe('The teacher: a backbone by its id, or the path of a feature extractor (.onnx)'),
  levels: z.array(z.int().positive()).min(1).default([4, 8, 16]).describe('Strides of the feature levels that are matched'),
  size: z.int().min(32).max(2048).multipleOf(32).default(256).describe('Side of the square input, in pixels'),
  studentInit: z
    .enum(['teacher', 'random'])
    .default('teacher')
    .describe(
      "How the student begins: as a copy of the teacher (open-iad, the paper's tables), or at random (the method's own code and paper)",
    ),
  studentWidth: z
    .int()
    .min(4)
    .max(256)
    .default(64)
    .describe(
      'Channels of the first layer of the residual student that a teacher without a trainable form gets; others have a student of their own architecture',
    ),
  epochs: z.int().min(0).default(100).describe('Epochs of training'),
  stepLimit: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('At most so many steps: fewer epochs where there are many pictures, one at least'),
  batchSize: z.int().min(1).max(256).default(8).describe('Training pictures per step'),
  learningRate: z.number().positive().default(0.4).describe('Learning rate of gradient descent, constant'),
  momentum: z.number().min(0).max(0.999).default(0.9).describe('Momentum of gradient descent'),
  weightDecay: z.number().min(0).default(1e-5).describe('L2 penalty, on all parameters'),
  lossReduction: z
    .enum(['sum', 'mean'])
    .default('sum')
    .describe(
      "Half the sum over the batch of each level's mean (open-iad), or the batch's mean (the method's own code): at batches of 8 a fourth of it",
    ),
})
