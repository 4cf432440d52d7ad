import { appendFile, mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecord } from '../discovery/package-manifest.ts'
import { damagedRecord, unwritableStore } from '../errors/store-errors.ts'
import type { PlannedExperiment } from '../plan/build-plan.ts'
import { sha256 } from '../dataset/file-hashes.ts'
import { canonicalJson } from '../plan/canonical-json.ts'
import { writeFileAtomically } from './atomic-write.ts'
import { RECORD_SCHEMA, type ExperimentRecord } from './record.ts'

/** `runs/<name>`: plain files, nothing else holds state. */
export interface RunStore {
  readonly directory: string
  /** Writes plan.json; experiments of earlier plans under the same name stay in it. */
  savePlan(experiments: readonly PlannedExperiment[]): Promise<void>
  /** The record of an experiment, or `null` when it has none. A damaged one counts as none and is reported. */
  read(hash: string): Promise<ExperimentRecord | null>
  /** Writes record.json, last of all files of an experiment: present means done. */
  save(record: ExperimentRecord): Promise<void>
  appendLog(hash: string, line: string): Promise<void>
  /** Forgets a record, so that the experiment runs again. */
  remove(hash: string): Promise<void>
  /** Every record of the run, sorted by hash. */
  readAll(): Promise<readonly ExperimentRecord[]>
}

/** `runs/<name>/experiments/<hash>`. */
export function experimentDirectory(runDirectory: string, hash: string): string {
  return join(runDirectory, 'experiments', hash)
}

/**
 * Opens a run folder, which need not exist yet.
 * @param onDamage - is told of every record that can't be used
 */
export function openRunStore(directory: string, onDamage: (message: string) => void): RunStore {
  const recordFile = (hash: string): string => join(experimentDirectory(directory, hash), 'record.json')
  const read = async (hash: string): Promise<ExperimentRecord | null> => {
    const text = await readFile(recordFile(hash), 'utf8').catch(() => null)
    if (text === null) return null
    const record = parseRecord(text)
    if (record?.hash === hash) return record
    onDamage(damagedRecord(recordFile(hash)).message)
    return null
  }
  return {
    directory,
    read,
    async savePlan(experiments) {
      const file = join(directory, 'plan.json')
      const earlier = await readFile(file, 'utf8').then(parsePlan, () => [])
      const planned = experiments.map(({ job, pictures }) => ({ hash: job.hash, inputs: job.inputs, pictures }))
      const merged = new Map([...earlier, ...planned].map((experiment) => [experiment.hash, experiment]))
      await writing(directory, () =>
        writeFileAtomically(file, JSON.stringify({ schema: RECORD_SCHEMA, experiments: [...merged.values()] }, null, 1)),
      )
    },
    save: (record) => writing(directory, () => writeFileAtomically(recordFile(record.hash), JSON.stringify(record, null, 1))),
    async appendLog(hash, line) {
      const folder = experimentDirectory(directory, hash)
      await writing(directory, async () => {
        await mkdir(folder, { recursive: true })
        await appendFile(join(folder, 'log.jsonl'), `${JSON.stringify({ at: new Date().toISOString(), line })}\n`)
      })
    },
    remove: (hash) => rm(recordFile(hash), { force: true }),
    async readAll() {
      const hashes = await readdir(join(directory, 'experiments')).catch(() => [])
      const records = await Promise.all(hashes.toSorted().map(read))
      return records.filter((record) => record !== null)
    },
  }
}

/** A record whose inputs hash to its own name; anything else was cut short or edited by hand. */
function parseRecord(text: string): ExperimentRecord | null {
  try {
    const value: unknown = JSON.parse(text)
    if (!isRecord(value) || value['schema'] !== RECORD_SCHEMA || !isRecord(value['inputs'])) return null
    if (sha256(canonicalJson(value['inputs'])) !== value['hash']) return null
    return isRecord(value['metrics']) && isRecord(value['measured']) && Array.isArray(value['evaluations'])
      ? (value as unknown as ExperimentRecord)
      : null
  } catch {
    return null
  }
}

function parsePlan(text: string): readonly { readonly hash: string }[] {
  try {
    const value: unknown = JSON.parse(text)
    const experiments = isRecord(value) ? value['experiments'] : null
    return Array.isArray(experiments)
      ? experiments.filter((experiment): experiment is { hash: string } => isRecord(experiment) && typeof experiment['hash'] === 'string')
      : []
  } catch {
    return []
  }
}

async function writing(directory: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw unwritableStore(directory, error)
  }
}
