import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

export interface PadimParameters {
  readonly backbone: string
  readonly levels: number[]
  readonly size: number
  readonly channels: number
  readonly regularization: number
  readonly batchSize: number
}

/** What PaDiM can be told; the defaults are those of the paper's tables (IM-IAD, Table V). */
export const parameters: ParameterSchema<PadimParameters> = z.strictObject({
  backbone: z.string().min(1).default('resnet18').describe('A backbone by its id, or the path of a feature extractor (.onnx)'),
  levels: z.array(z.int().positive()).min(1).default([4, 8, 16]).describe('Strides of the feature levels'),
  size: z.int().min(32).max(2048).multipleOf(32).default(256).describe('Side of the square input, in pixels'),
  channels: z.int().min(1).default(100).describe('Feature channels that are drawn at random and kept, where there are more'),
  regularization: z.number().positive().default(0.01).describe('Added to the diagonal of every covariance'),
  batchSize: z.int().min(1).max(256).default(8).describe('Training pictures per forward pass'),
})
