import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

export interface SyntheticParameters {
  readonly width: number
  readonly height: number
  readonly trainNormal: number
  readonly testNormal: number
  readonly testAnomalous: number
  readonly viewsPerPart: number
  readonly seed: number
}

export const parameters: ParameterSchema<SyntheticParameters> = z.strictObject({
  width: z.int().min(32).max(4096).default(256).describe('Pixels'),
  height: z.int().min(32).max(4096).default(256).describe('Pixels'),
  trainNormal: z.int().min(1).max(100_000).default(40).describe('Normal training pictures per category'),
  testNormal: z.int().min(0).max(100_000).default(20).describe('Normal test pictures per category'),
  testAnomalous: z.int().min(0).max(100_000).default(24).describe('Anomalous test pictures per category, spread over its defects'),
  viewsPerPart: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe('Pictures of each physical part; with several, they share a group and no split is published'),
  seed: z.int().min(0).default(0).describe('Makes another dataset of the same kind'),
})
