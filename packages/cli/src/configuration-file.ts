import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ImIadError, isImIadError, nearest, type Budget, type EvaluationFrame, type MapRetention } from '@im-iad/core'
import { parse } from 'yaml'
import { z } from 'zod'
import { DEVICES, TENSOR_ENGINES } from '@im-iad/nn/engine-names'
import { parseBytes, parseSeconds } from './quantities.ts'

const names = z.union([z.string().transform((name) => [name]), z.array(z.string())])

/** A number of seconds or bytes, or text with a unit. */
const quantity = (read: (text: string) => number): z.ZodType<number> =>
  z.union([z.number(), z.string()]).transform((value, context) => {
    try {
      return read(String(value))
    } catch (error) {
      context.addIssue({ code: 'custom', message: isImIadError(error) ? (error.facts.problem ?? error.message) : String(error) })
      return z.NEVER
    }
  })

const schema = z.strictObject({
  datasets: names.optional(),
  categories: names.optional(),
  algorithms: names.optional(),
  paradigms: names.optional(),
  set: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  seeds: z.union([z.int().transform((seed) => [seed]), z.array(z.int())]).optional(),
  budget: z.enum(['paper', 'laptop', 'smoke']).optional(),
  frame: z.enum(['model', 'native']).optional(),
  engine: z.enum(TENSOR_ENGINES).optional(),
  device: z.enum(DEVICES).optional(),
  dataRoot: z.string().optional(),
  textures: z.string().optional(),
  plugins: names.optional(),
  run: z.string().optional(),
  workers: z.int().min(1).optional(),
  threads: z.int().min(1).optional(),
  maps: z.enum(['worst', 'all', 'none']).optional(),
  timeLimit: quantity(parseSeconds).optional(),
  memoryLimit: quantity(parseBytes).optional(),
})

/** The content of im-iad.yaml; every key is optional and means what the flag of that name means. */
export interface ConfigurationFile {
  readonly datasets?: readonly string[] | undefined
  readonly categories?: readonly string[] | undefined
  readonly algorithms?: readonly string[] | undefined
  readonly paradigms?: readonly string[] | undefined
  /** Plugin id to parameter to value; a list under a parameter that is no list makes several experiments. */
  readonly set?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined
  readonly seeds?: readonly number[] | undefined
  readonly budget?: Budget | undefined
  readonly frame?: EvaluationFrame | undefined
  readonly engine?: string | undefined
  readonly device?: string | undefined
  readonly dataRoot?: string | undefined
  readonly textures?: string | undefined
  readonly plugins?: readonly string[] | undefined
  readonly run?: string | undefined
  readonly workers?: number | undefined
  readonly threads?: number | undefined
  readonly maps?: MapRetention | undefined
  readonly timeLimit?: number | undefined
  readonly memoryLimit?: number | undefined
}

/**
 * Reads a configuration file. Relative folders in it are relative to the file.
 * @throws ImIadError IM_IAD_E_CONFIGURATION when it can't be read, is no YAML, or holds an unknown key or value (naming the nearest)
 */
export async function readConfigurationFile(path: string): Promise<ConfigurationFile> {
  const fail = (problem: string, fix: string, cause?: unknown): ImIadError =>
    new ImIadError({ code: 'IM_IAD_E_CONFIGURATION', what: 'cannot use the configuration file', found: path, problem, fix, cause })
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw fail(error.message, 'correct the path, or leave it out and use flags', error)
  })
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error), 'correct the YAML', error)
  }
  const result = schema.safeParse(content ?? {})
  if (!result.success) throw fail(result.error.issues.map(describeIssue).join('; '), 'correct it; docs/configuration.md lists every key')
  const { dataRoot, textures, plugins, ...rest } = result.data
  const folder = dirname(resolve(path))
  return {
    ...rest,
    ...(dataRoot === undefined ? {} : { dataRoot: resolve(folder, dataRoot) }),
    ...(textures === undefined ? {} : { textures: resolve(folder, textures) }),
    ...(plugins === undefined ? {} : { plugins: plugins.map((plugin) => (plugin.startsWith('.') ? resolve(folder, plugin) : plugin)) }),
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return `${issue.path.join('.')}: ${issue.message}`
  const known = Object.keys(schema.shape)
  return issue.keys
    .map((key) => {
      const similar = nearest(key, known)
      return `unknown key "${key}"${similar === undefined ? '' : `, did you mean "${similar}"?`}`
    })
    .join('; ')
}
