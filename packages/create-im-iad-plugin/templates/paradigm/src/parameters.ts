import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

export interface PluginParameters {
  readonly share: number
}

/** Validates, documents (`im-iad info __id__`) and fills in defaults; every parameter needs one. */
export const parameters: ParameterSchema<PluginParameters> = z.strictObject({
  share: z.number().gt(0).lt(1).default(0.5).describe('Share of the normal parts to train on'),
})
