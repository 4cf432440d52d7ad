import type { ParameterSchema } from '@im-iad/core'
import { z } from 'zod'

/** There is nothing to choose: one category, no published split. */
export type MtdParameters = Readonly<Record<string, never>>

export const parameters: ParameterSchema<MtdParameters> = z.strictObject({})
