import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

export interface PatchCoreParameters {
  readonly backbone: string
  readonly levels: number[]
  readonly size: number
  readonly targetDimension: number
  readonly coresetRatio: number
  readonly projectionDimension: number
  readonly reweightingNeighbors: number
  readonly reweighting: 'paper' | 'open-iad'
  readonly memory: 'replace' | 'append'
  readonly memoryBudget: number
  readonly batchSize: number
}

/** What PatchCore can be told; the defaults are those of the paper's tables (IM-IAD, Table V). */
export const parameters: ParameterSchema<PatchCoreParameters> = z.strictObject({
  backbone: z.string().min(1).default('wide-resnet50-2').describe('A backbone by its id, or the path of a feature extractor (.onnx)'),
  levels: z.array(z.int().positive()).min(1).default([8, 16]).describe('Strides of the feature levels'),
  size: z.int().min(32).max(2048).multipleOf(32).default(256).describe('Side of the square input, in pixels'),
  targetDimension: z.int().min(1).default(1024).describe('Width of a patch feature, where the levels together have more channels'),
  coresetRatio: z.number().positive().max(1).default(0.1).describe('Share of the training patches that the memory keeps'),
  projectionDimension: z
    .int()
    .min(1)
    .default(128)
    .describe('Width that patch features are randomly projected to for the coreset selection, where they are wider'),
  reweightingNeighbors: z.int().min(1).default(1).describe('Neighbours that the image score is re-weighted with; 1 is off'),
  reweighting: z
    .enum(['paper', 'open-iad'])
    .default('paper')
    .describe("Re-weighting by the paper's equation 7, or as open-iad's code does"),
  memory: z.enum(['replace', 'append']).default('replace').describe('What a further task does to the memory of earlier ones'),
  memoryBudget: z.int().min(0).default(0).describe('Most patches that the memory keeps, of all tasks together; 0 is no limit'),
  batchSize: z.int().min(1).max(256).default(8).describe('Training pictures per forward pass'),
})
