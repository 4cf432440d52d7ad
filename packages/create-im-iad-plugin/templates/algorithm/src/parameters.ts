import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

export interface PluginParameters {
  readonly size: number
  readonly smallestDeviation: number
}

/** Validates, documents (`im-iad info __id__`) and fills in defaults; every parameter needs one. */
export const parameters: ParameterSchema<PluginParameters> = z.strictObject({
  size: z.int().min(8).max(1024).default(128).describe('Side of the square input, in pixels'),
  smallestDeviation: z.number().positive().default(4).describe('What a standard deviation counts as at least, in grey levels'),
})
