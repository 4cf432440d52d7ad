import type { ParameterSchema } from '../contracts/parameters.ts'
import { isRecord } from '../discovery/package-manifest.ts'
import { describeParameters } from './describe-parameters.ts'

/** What is wrong with a parameter schema that shows without any value given; empty when nothing is. One clause each. */
export function parameterFaults(schema: ParameterSchema): readonly string[] {
  const standard: unknown = schema['~standard']
  if (!isRecord(standard) || typeof standard['validate'] !== 'function' || !isRecord(standard['jsonSchema']))
    return ['"parameters" is no Standard Schema that describes itself as JSON Schema ("~standard" with validate and jsonSchema)']
  try {
    describeParameters(schema)
  } catch (error) {
    return [`its parameters do not describe themselves: ${messageOf(error)}`]
  }
  return defaultFaults(schema)
}

/** Every parameter has a default, so nothing given is valid. */
function defaultFaults(schema: ParameterSchema): readonly string[] {
  try {
    const result = schema['~standard'].validate({})
    if (result instanceof Promise) {
      // It is refused either way; without this its rejection would end the process.
      result.catch(() => undefined)
      return [ASYNCHRONOUS]
    }
    return (result.issues ?? []).map((issue) => `its parameters need values, while each must have a default: ${issue.message}`)
  } catch (error) {
    return [`its parameter schema throws when it validates: ${messageOf(error)}`]
  }
}

export const ASYNCHRONOUS = 'its parameter schema validates asynchronously, which the contract does not allow'

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
