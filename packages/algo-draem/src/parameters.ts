import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'
import type { TextureColor } from './synthesis/synthesize.ts'

export interface DraemParameters {
  readonly size: number
  readonly restorerWidth: number
  readonly segmenterWidth: number
  readonly epochs: number
  readonly stepLimit: number | null
  readonly batchSize: number
  readonly learningRate: number
  readonly schedule: 'code' | 'paper' | 'constant'
  readonly statisticsBatches: number
  readonly scoreRadius: number
  readonly textureColor: TextureColor
}

/** What DRAEM can be told; the defaults are those of IM-IAD's Table V, and where it is silent the authors' code. */
export const parameters: ParameterSchema<DraemParameters> = z.strictObject({
  size: z.int().min(32).max(1024).multipleOf(32).default(256).describe('Side of the square input, in pixels'),
  restorerWidth: z.int().min(1).max(512).default(128).describe('Channels of the first block of the network that restores'),
  segmenterWidth: z.int().min(1).max(512).default(64).describe('Channels of the first block of the network that segments'),
  epochs: z.int().min(0).default(700).describe('Passes over the training pictures; 0 leaves the networks as they are drawn'),
  stepLimit: z.int().min(1).nullable().default(null).describe('Most batches that are trained on, whatever the epochs; null for no limit'),
  batchSize: z.int().min(1).max(256).default(8).describe('Pictures per training step'),
  learningRate: z.number().positive().default(1e-4).describe('Learning rate of Adam'),
  schedule: z
    .enum(['code', 'paper', 'constant'])
    .default('code')
    .describe(
      "Learning rate times 0.2 after 80 % and 90 % of the epochs (the authors' code), times 0.1 after 4/7 and 6/7 (the paper), or constant",
    ),
  statisticsBatches: z
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe('Batches over which the statistics of batch normalisation are measured anew after training; 0 keeps the running averages'),
  scoreRadius: z
    .int()
    .min(0)
    .max(512)
    .default(10)
    .describe("A picture's score is the map's largest mean in a square window that reaches so many pixels each way: 10 is 21x21"),
  textureColor: z
    .enum(['own', 'as-picture'])
    .default('own')
    .describe(
      'Colours of the textures: their own, or drawn towards grey until they are no more colourful than the picture that they damage',
    ),
})
