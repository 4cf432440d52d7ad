import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

export interface PluginParameters {
  readonly extensions: readonly string[]
}

/** Validates, documents (`im-iad info __id__`) and fills in defaults; every parameter needs one. */
export const parameters: ParameterSchema<PluginParameters> = z.strictObject({
  extensions: z.array(z.string()).readonly().default(['.png', '.jpg', '.bmp']).describe('The endings of picture files, in lower case'),
})
