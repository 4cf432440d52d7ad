import { describeParameters, type ParameterSchema } from '@im-iad/core'

type JsonSchema = Readonly<Record<string, unknown>>

/**
 * Every single change of a parameter that its JSON Schema lists: each choice of an enumeration, both values of a boolean, and a number's smallest
 * `steps` values where it has a smallest. Largest values are left out: they are limits, and may take a machine down.
 */
export function parameterValues(schema: ParameterSchema, steps: number = 1): readonly Readonly<Record<string, unknown>>[] {
  return describeParameters(schema).flatMap(({ name, schema: described }) => valuesOf(described, steps).map((value) => ({ [name]: value })))
}

function valuesOf(schema: JsonSchema, steps: number): readonly unknown[] {
  const alternatives = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(alternatives)) return alternatives.flatMap((alternative: JsonSchema) => valuesOf(alternative, steps))
  if (Array.isArray(schema['enum'])) return schema['enum']
  if ('const' in schema) return [schema['const']]
  if (schema['type'] === 'boolean') return [false, true]
  if (schema['type'] === 'null') return [null]
  const { minimum, multipleOf } = schema
  if (typeof minimum !== 'number' || Math.abs(minimum) >= Number.MAX_SAFE_INTEGER) return []
  if (schema['type'] === 'number') return [minimum]
  const step = typeof multipleOf === 'number' ? multipleOf : 1
  const first = Math.ceil(minimum / step) * step
  return Array.from({ length: steps }, (_, index) => first + index * step)
}
