import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

export interface ContinualParameters {
  readonly order: 'published' | 'alphabetical' | 'shuffled'
  readonly tasks: readonly string[]
  readonly split: 'group' | 'image'
  readonly trainFraction: number
}

export const parameters: ParameterSchema<ContinualParameters> = z.strictObject({
  order: z
    .enum(['published', 'alphabetical', 'shuffled'])
    .default('published')
    .describe("The order of the tasks: the dataset's own, by name, or drawn with the seed"),
  tasks: z.array(z.string().min(1)).default([]).describe('Categories to learn, in this order; empty: all of them, in the order above'),
  split: z
    .enum(['group', 'image'])
    .default('group')
    .describe('What is drawn where the publisher gives no split: whole physical parts, or single images (leaks where a part has several)'),
  trainFraction: z.number().gt(0).lt(1).default(0.8).describe('Share of the normal images to train on where the publisher gives no split'),
})
