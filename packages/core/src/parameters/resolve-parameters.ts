import { nearest } from '@im-iad/errors'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ParameterSchema } from '../contracts/parameters.ts'
import { invalidParameter, throwingSchema, unknownParameter } from '../errors/parameter-errors.ts'
import { describeParameters, type ParameterDescription } from './describe-parameters.ts'
import { ASYNCHRONOUS } from './parameter-faults.ts'

/** Whose parameters they are; for messages. */
export interface ParameterOwner {
  readonly kind: string
  readonly id: string
  readonly parameters: ParameterSchema
}

/**
 * Validated parameters with defaults filled in.
 * @param layers - later ones win: a budget's values, a file's, the command line's
 * @throws ImIadError IM_IAD_E_PARAMETER for an unknown name (naming the nearest known one) or a value that the schema refuses
 */
export function resolveParameters(
  owner: ParameterOwner,
  ...layers: readonly Readonly<Record<string, unknown>>[]
): Readonly<Record<string, unknown>> {
  const given: Readonly<Record<string, unknown>> = Object.assign({}, ...layers)
  const known = describeParameters(owner.parameters).map((parameter) => parameter.name)
  for (const name of Object.keys(given)) if (!known.includes(name)) throw unknownParameter(owner, name, nearest(name, known), known)
  const result = validate(owner, given)
  if (result.issues !== undefined)
    throw invalidParameter(
      owner,
      result.issues.map((issue) => describeIssue(issue, given)),
    )
  return result.value as Readonly<Record<string, unknown>>
}

function validate(owner: ParameterOwner, given: Readonly<Record<string, unknown>>): StandardSchemaV1.Result<unknown> {
  let result: StandardSchemaV1.Result<unknown> | Promise<StandardSchemaV1.Result<unknown>>
  try {
    result = owner.parameters['~standard'].validate(given)
  } catch (error) {
    throw throwingSchema(owner, error)
  }
  if (!(result instanceof Promise)) return result
  // It is refused either way; without this its rejection would end the process.
  result.catch(() => undefined)
  throw invalidParameter(owner, [ASYNCHRONOUS])
}

interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

function describeIssue(issue: Issue, given: Readonly<Record<string, unknown>>): string {
  const path = (issue.path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment))
  const name = path[0]
  if (name === undefined) return issue.message
  return `${path.join('.')} = ${JSON.stringify(given[name])}: ${issue.message}`
}

/**
 * The values that one `--set owner.name=text` asks for: several make several experiments.
 * `8,16` is one list for a list parameter and two values otherwise; for several lists write JSON, `[[8,16],[16]]`.
 * @throws ImIadError IM_IAD_E_PARAMETER for an unknown name
 */
export function parseParameterValues(owner: ParameterOwner, name: string, text: string): readonly unknown[] {
  const described = describeParameters(owner.parameters)
  const parameter = described.find((candidate) => candidate.name === name)
  const known = described.map((candidate) => candidate.name)
  if (parameter === undefined) throw unknownParameter(owner, name, nearest(name, known), known)
  const whole = parseJson(text)
  if (isList(parameter)) {
    if (!Array.isArray(whole)) return [text.split(',').map((item) => parseScalar(item, parameter))]
    return whole.length > 0 && whole.every(Array.isArray) ? whole : [whole]
  }
  if (Array.isArray(whole)) return whole
  if (typeof whole === 'object' && whole !== null) return [whole]
  return text.split(',').map((item) => parseScalar(item, parameter))
}

function isList(parameter: ParameterDescription): boolean {
  return parameter.type.split('|').includes('array')
}

/** A number, boolean or null where it reads as one and the parameter isn't declared as text alone; else the text. */
function parseScalar(text: string, parameter: ParameterDescription): unknown {
  const trimmed = text.trim()
  if (parameter.type === 'string') return trimmed
  const value = parseJson(trimmed)
  return value === undefined ? trimmed : value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
