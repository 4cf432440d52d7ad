import type { ParameterSchema } from '../contracts/parameters.ts'
import { isRecord } from '../discovery/package-manifest.ts'

/** One parameter, as its schema describes it. */
export interface ParameterDescription {
  readonly name: string
  /** In JSON Schema's words, alternatives joined by `|`: `integer`, `array`, `"a"|"b"`. */
  readonly type: string
  readonly default: unknown
  /** Empty where the author gave none. */
  readonly description: string
  /** The parameter's own JSON Schema, draft 2020-12. */
  readonly schema: Readonly<Record<string, unknown>>
}

/**
 * What a plugin's parameter schema says of itself, in the order of declaration.
 * @throws TypeError when it is no Standard JSON Schema of an object
 */
export function describeParameters(schema: ParameterSchema): readonly ParameterDescription[] {
  const json = schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
  const properties = json['properties']
  if (json['type'] !== 'object' || !isRecord(properties)) throw new TypeError('the parameter schema does not describe an object')
  return Object.entries(properties).map(([name, property]) => {
    const described = isRecord(property) ? property : {}
    const { description } = described
    return {
      name,
      type: typeName(described),
      default: described['default'],
      description: typeof description === 'string' ? description : '',
      schema: described,
    }
  })
}

function typeName(schema: Readonly<Record<string, unknown>>): string {
  const alternatives = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(alternatives))
    return alternatives.map((alternative: unknown) => (isRecord(alternative) ? typeName(alternative) : '?')).join('|')
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value: unknown) => JSON.stringify(value)).join('|')
  if ('const' in schema) return JSON.stringify(schema['const'])
  return typeof schema['type'] === 'string' ? schema['type'] : 'any'
}
