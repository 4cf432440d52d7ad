import devnet from '../../src/index.ts'
import type { DevNetParameters } from '../../src/parameters.ts'

/** Parameters with the schema's defaults filled in. */
export function parametersOf(change: Partial<DevNetParameters> = {}): DevNetParameters {
  const result = devnet.parameters['~standard'].validate(change)
  if (result instanceof Promise || result.issues !== undefined) throw new Error('invalid parameters')
  return result.value
}
