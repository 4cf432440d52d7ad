import { isRecord } from '../discovery/package-manifest.ts'
import type { ExperimentRecord } from './record.ts'

type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string'
const textOrNull: Check = (value) => value === null || text(value)
/** JSON writes null for numbers that it can't hold. */
const numberOrNull: Check = (value) => value === null || typeof value === 'number'
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
const mapOf =
  (check: Check): Check =>
  (value) =>
    isRecord(value) && Object.values(value).every(check)
const shape =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && Object.entries(members).every(([name, check]) => check(value[name]))

const numbers = mapOf(numberOrNull)
const plugin = shape({ id: text, parameters: isRecord })
const evaluation = shape({ afterTask: text, task: text, counts: numbers, metrics: numbers, reasons: mapOf(text), details: mapOf(numbers) })

/** What readers of a record rely on, by key: a record may come from elsewhere. */
const EXPECTED: Readonly<Record<Exclude<keyof ExperimentRecord, 'schema' | 'hash'>, Check>> = {
  dataset: text,
  category: textOrNull,
  algorithm: text,
  paradigm: text,
  seed: Number.isInteger,
  budget: text,
  frame: text,
  inputs: shape({
    dataset: plugin,
    algorithm: plugin,
    paradigm: plugin,
    engine: text,
    device: text,
    backbones: listOf(shape({ name: text, sha256: textOrNull })),
  }),
  status: (value) => value === 'done' || value === 'failed',
  error: (value) => value === null || shape({ code: text, message: text })(value),
  splitHash: textOrNull,
  leaky: textOrNull,
  notes: listOf(text),
  metrics: numbers,
  reasons: mapOf(text),
  evaluations: listOf(evaluation),
  measured: shape({
    startedAt: text,
    seconds: numbers,
    latency: mapOf(numbers),
    peakMemoryBytes: numberOrNull,
    host: shape({ platform: text, cpu: text, cores: numberOrNull, node: text }),
    versions: mapOf(text),
  }),
}

/** The first key of a record that is missing or of the wrong type, to the depth at which readers use it; `null` when all are right. */
export function misshapenKey(value: Readonly<Record<string, unknown>>): string | null {
  return Object.entries(EXPECTED).find(([key, isRight]) => !isRight(value[key]))?.[0] ?? null
}
