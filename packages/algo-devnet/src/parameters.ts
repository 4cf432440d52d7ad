import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

export interface DevNetParameters {
  readonly backbone: string
  readonly level: number
  readonly size: number
  readonly scales: number
  readonly trained: 'all' | 'head' | 'backbone'
  readonly hiddenChannels: number
  readonly topShare: number
  readonly margin: number
  readonly prior: 'sampled' | 'analytic'
  readonly sampling: 'balanced' | 'shuffled'
  readonly rotation: boolean
  readonly epochs: number
  readonly stepsPerEpoch: number
  readonly batchSize: number
  readonly learningRate: number
  readonly weightDecay: number
  readonly decayEpochs: number
  readonly map: 'gradient' | 'raw-gradient' | 'response'
  readonly permuteLabels: boolean
}

/** What DevNet can be told; the defaults are those of its authors' code (IM-IAD states none). */
export const parameters: ParameterSchema<DevNetParameters> = z.strictObject({
  backbone: z.string().min(1).default('resnet18').describe('A backbone by its id, or the path of a feature extractor (.onnx)'),
  level: z.int().positive().default(32).describe('Stride of the feature level that is scored'),
  size: z.int().min(64).max(2048).multipleOf(64).default(448).describe('Side of the square input, in pixels'),
  scales: z.int().min(1).max(2).default(2).describe('2: the picture is scored once more at half its size, by every second pixel'),
  trained: z
    .enum(['all', 'head', 'backbone'])
    .default('all')
    .describe(
      'What is trained: all, the head on features of the frozen backbone, or the backbone under a head that stays as it began (open-iad)',
    ),
  hiddenChannels: z
    .int()
    .min(0)
    .max(512)
    .default(0)
    .describe('Channels of a layer with ReLU between features and score; 0: one linear layer, as published'),
  topShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('Share of the positions, those of the strongest responses, whose mean is the score; 0: the signed mean of all'),
  margin: z.number().positive().default(5).describe('Standard deviations of the prior that abnormal pictures are pushed above its mean'),
  prior: z
    .enum(['sampled', 'analytic'])
    .default('sampled')
    .describe('Mean and deviation of the prior: of 5000 draws from N(0, 1) in every step, or 0 and 1'),
  sampling: z
    .enum(['balanced', 'shuffled'])
    .default('balanced')
    .describe('Batches that are half abnormal, or all pictures once an epoch in any order (open-iad)'),
  rotation: z.boolean().default(true).describe('Training pictures are turned by any angle, with black corners; not for a frozen backbone'),
  epochs: z.int().min(0).default(50).describe('Epochs of training'),
  stepsPerEpoch: z.int().min(1).default(20).describe('Steps of an epoch of balanced batches'),
  batchSize: z.int().min(2).max(512).multipleOf(2).default(48).describe('Training pictures per step'),
  learningRate: z.number().positive().default(2e-4).describe("Adam's learning rate at the start"),
  weightDecay: z.number().min(0).default(1e-5).describe('L2 penalty, added to the gradient'),
  decayEpochs: z.int().min(0).default(10).describe('Every so many epochs the learning rate falls to a tenth; 0: never (open-iad)'),
  map: z
    .enum(['gradient', 'raw-gradient', 'response'])
    .default('gradient')
    .describe(
      "The score's gradient by the pixels: cut at the picture's 99th percentile and brought to [0, 1], or as it is; both smoothed. response: the head's responses themselves",
    ),
  permuteLabels: z
    .boolean()
    .default(false)
    .describe('Shuffles the training labels: a check that labels are what is learned from, never for results'),
})
