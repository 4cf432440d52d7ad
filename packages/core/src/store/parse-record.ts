import { sha256 } from '../dataset/file-hashes.ts'
import { isRecord } from '../discovery/package-manifest.ts'
import { canonicalJson } from '../plan/canonical-json.ts'
import { misshapenKey } from './record-shape.ts'
import { RECORD_SCHEMA, type ExperimentRecord } from './record.ts'

/** A record, or why it is none, as a clause. */
export type ParsedRecord =
  | { readonly kind: 'record'; readonly record: ExperimentRecord }
  | { readonly kind: 'unusable'; readonly problem: string }

/**
 * The text of record.json. Its checksum stands under `measured`, the one key that may differ between two runs of an experiment, so that the rest
 * of the file stays the same byte for byte.
 */
export function recordText(record: ExperimentRecord): string {
  const written = JSON.stringify({ ...record, measured: { ...record.measured, checksum: checksum(record) } }, null, 1)
  return `${written}\n`
}

/** Reads record.json. A file that was cut short or changed in any value is no record. */
export function parseRecordText(text: string, hash: string): ParsedRecord {
  if (text.trim() === '') return unusable('it is empty')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return unusable('it was cut short or edited by hand: it is no JSON')
  }
  if (!isRecord(value) || !isRecord(value['measured'])) return parseRecord(value, hash)
  const { checksum: stated, ...measured } = value['measured']
  const parsed = parseRecord({ ...value, measured }, hash)
  if (parsed.kind === 'unusable' || checksum(parsed.record) === stated) return parsed
  return unusable('it was edited by hand: its checksum is another')
}

/** Whether a value from outside (a file, another process) is the record of the experiment with this hash. */
export function parseRecord(value: unknown, hash: string): ParsedRecord {
  if (!isRecord(value)) return unusable('it holds no record')
  if (value['schema'] !== RECORD_SCHEMA)
    return unusable(`it has schema ${JSON.stringify(value['schema'])}; this im-iad reads and writes ${RECORD_SCHEMA}`)
  const { inputs } = value
  if (value['hash'] !== hash || !isRecord(inputs) || sha256(canonicalJson(inputs)) !== hash)
    return unusable('it is the record of another experiment, or was edited by hand: its inputs do not have its hash')
  const wrong = misshapenKey(value)
  if (wrong !== null) return unusable(`its key "${wrong}" is missing or of the wrong type`)
  return { kind: 'record', record: value as unknown as ExperimentRecord }
}

function unusable(problem: string): ParsedRecord {
  return { kind: 'unusable', problem }
}

/** SHA-256 over the canonical JSON of what a reader gets: numbers that JSON can't hold are null there. */
function checksum(record: ExperimentRecord): string {
  return sha256(canonicalJson(JSON.parse(JSON.stringify(record))))
}
