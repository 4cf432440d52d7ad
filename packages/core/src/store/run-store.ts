import { appendFile, mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { dataManifest, dataManifestFile } from '../dataset/data-manifest.ts'
import { isRecord } from '../discovery/package-manifest.ts'
import { damagedPlan, damagedRecord, unwritableStore } from '../errors/store-errors.ts'
import type { PlannedExperiment } from '../plan/build-plan.ts'
import { writeFileAtomically } from './atomic-write.ts'
import { parseRecordText, recordText } from './parse-record.ts'
import { RECORD_SCHEMA, type ExperimentRecord } from './record.ts'
import { lockRun, type RunLock } from './run-lock.ts'
import { awaitOrphans, removeLeftovers, removeWork } from './work-folder.ts'

/** `runs/<name>`: plain files, nothing else holds state. */
export interface RunStore {
  readonly directory: string
  /**
   * Takes the run for this process, and clears away what a killed one left. Everything that writes wants the lock; reading needs none.
   * @throws ImIadError IM_IAD_E_LOCKED, naming the holder; IM_IAD_E_STORE when the folder can't be written
   */
  lock(): Promise<RunLock>
  /** Writes plan.json; experiments of earlier plans under the same name stay in it. */
  savePlan(experiments: readonly PlannedExperiment[]): Promise<void>
  /** Writes what the data of these experiments looks like now, so that a later change can be named; kept while the run works. */
  saveData(experiments: readonly PlannedExperiment[]): Promise<void>
  removeData(): Promise<void>
  /** The record of an experiment, or `null` when it has none. A damaged one counts as none and is reported. */
  read(hash: string): Promise<ExperimentRecord | null>
  /** Writes record.json, last of all files of an experiment: present means done. */
  save(record: ExperimentRecord): Promise<void>
  /** Begins log.jsonl anew: it tells of the attempt whose record it stands beside. */
  startLog(hash: string): Promise<void>
  appendLog(hash: string, lines: readonly string[]): Promise<void>
  /** Removes what an experiment needed only while it ran; its checkpoints as well, unless it may go on from them. */
  finishWork(hash: string, keep: 'checkpoints' | 'nothing'): Promise<void>
  /** Every record of the run, sorted by hash. */
  readAll(): Promise<readonly ExperimentRecord[]>
}

/** `runs/<name>/experiments/<hash>`. */
export function experimentDirectory(runDirectory: string, hash: string): string {
  return join(runDirectory, 'experiments', hash)
}

/**
 * Opens a run folder, which need not exist yet.
 * @param onDamage - is told of every file that can't be used, by name
 */
export function openRunStore(directory: string, onDamage: (message: string) => void): RunStore {
  const recordFile = (hash: string): string => join(experimentDirectory(directory, hash), 'record.json')
  const logFile = (hash: string): string => join(experimentDirectory(directory, hash), 'log.jsonl')
  const read = async (hash: string): Promise<ExperimentRecord | null> => {
    const text = await readFile(recordFile(hash), 'utf8').catch(() => null)
    if (text === null) return null
    const parsed = parseRecordText(text, hash)
    if (parsed.kind === 'record') return parsed.record
    onDamage(`warning: ${damagedRecord(recordFile(hash), parsed.problem).message}`)
    return null
  }
  return {
    directory,
    read,
    async lock() {
      const lock = await lockRun(directory)
      try {
        await writing(directory, async () => {
          await awaitOrphans(directory)
          await removeLeftovers(directory)
        })
        return lock
      } catch (error) {
        await lock.release()
        throw error
      }
    },
    async savePlan(experiments) {
      const file = join(directory, 'plan.json')
      const earlier = await readPlan(file, onDamage)
      const planned = experiments.map(({ job, pictures }) => ({ hash: job.hash, inputs: job.inputs, pictures }))
      const merged = new Map([...earlier, ...planned].map((experiment) => [experiment.hash, experiment]))
      await writing(directory, () =>
        writeFileAtomically(file, JSON.stringify({ schema: RECORD_SCHEMA, experiments: [...merged.values()] }, null, 1)),
      )
    },
    async saveData(experiments) {
      const data = new Map(experiments.map(({ job, samples }) => [job.inputs.dataFingerprint, samples]))
      await writing(directory, async () => {
        for (const [fingerprint, samples] of data)
          await writeFileAtomically(dataManifestFile(directory, fingerprint), JSON.stringify(dataManifest(samples)))
      })
    },
    removeData: () => writing(directory, () => removeWork(directory, 'data', 'nothing')),
    save: (record) => writing(directory, () => writeFileAtomically(recordFile(record.hash), recordText(record))),
    startLog: (hash) => writing(directory, () => rm(logFile(hash), { force: true })),
    appendLog: (hash, lines) =>
      writing(directory, async () => {
        const at = new Date().toISOString()
        await mkdir(experimentDirectory(directory, hash), { recursive: true })
        await appendFile(logFile(hash), lines.map((line) => `${JSON.stringify({ at, line })}\n`).join(''))
      }),
    finishWork: (hash, keep) => writing(directory, () => removeWork(directory, hash, keep)),
    async readAll() {
      const hashes = await readdir(join(directory, 'experiments')).catch(() => [])
      const records = await Promise.all(hashes.toSorted().map(read))
      return records.filter((record) => record !== null)
    },
  }
}

async function readPlan(file: string, onDamage: (message: string) => void): Promise<readonly { readonly hash: string }[]> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return []
  const experiments = parsePlan(text)
  if (experiments === null) onDamage(`warning: ${damagedPlan(file).message}`)
  return experiments ?? []
}

function parsePlan(text: string): readonly { readonly hash: string }[] | null {
  try {
    const value: unknown = JSON.parse(text)
    const experiments = isRecord(value) ? value['experiments'] : null
    if (!Array.isArray(experiments)) return null
    return experiments.filter(
      (experiment): experiment is { hash: string } => isRecord(experiment) && typeof experiment['hash'] === 'string',
    )
  } catch {
    return null
  }
}

async function writing(directory: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw unwritableStore(directory, error)
  }
}
