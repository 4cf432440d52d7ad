import { z } from 'zod'

export const parameters = z.strictObject({
  cells: z.int().min(2).max(128).default(32).describe('Cells per side, each of 8x8 pixels of the resized picture'),
  regularization: z.number().positive().default(1).describe('Added to the variance of every colour, in squared grey levels'),
})

/** @typedef {Readonly<z.output<typeof parameters>>} ColourDistanceParameters */
