import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

export interface UnsupervisedParameters {
  readonly split: 'group' | 'image'
  readonly trainFraction: number
}

export const parameters: ParameterSchema<UnsupervisedParameters> = z.strictObject({
  split: z
    .enum(['group', 'image'])
    .default('group')
    .describe('What is drawn where the publisher gives no split: whole physical parts, or single images (leaks where a part has several)'),
  trainFraction: z.number().gt(0).lt(1).default(0.8).describe('Share of the normal images to train on where the publisher gives no split'),
})
