import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

export interface FullySupervisedParameters {
  readonly n: number
  readonly draw: 'stratified' | 'pooled' | 'published'
  readonly split: 'group' | 'image'
  readonly trainFraction: number
}

export const parameters: ParameterSchema<FullySupervisedParameters> = z.strictObject({
  n: z.int().min(1).default(10).describe('Abnormal images that are trained on instead of tested'),
  draw: z
    .enum(['stratified', 'pooled', 'published'])
    .default('stratified')
    .describe(
      'stratified: every defect type in turn; pooled: from all types together; published: the ten files per category of MVTec AD that the SemiREST authors list',
    ),
  split: z
    .enum(['group', 'image'])
    .default('group')
    .describe('What is drawn where the publisher gives no split: whole physical parts, or single images (leaks where a part has several)'),
  trainFraction: z.number().gt(0).lt(1).default(0.8).describe('Share of the normal images to train on where the publisher gives no split'),
})
