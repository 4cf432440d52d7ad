import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AlgorithmInstance } from '../contracts/algorithm.ts'
import { isRecord } from '../discovery/package-manifest.ts'
import { storageFault } from '../errors/store-errors.ts'
import { writeFileAtomically } from '../store/atomic-write.ts'
import type { EvaluationRecord } from '../store/record.ts'
import { workDirectory } from '../store/work-folder.ts'
import type { ExperimentJob } from './job.ts'
import type { ScoreRow } from './score-table.ts'

/** What an experiment of several steps has come to: how many steps are done, and all that they gave. */
export interface Completed {
  readonly steps: number
  readonly evaluations: readonly EvaluationRecord[]
  readonly scores: readonly ScoreRow[]
}

/** Keeps the model and the results between the steps of one experiment, so that a killed one goes on with the next step. */
export interface CompletedSteps {
  /** What was kept last, and the folder that the model was saved to; `null` when there is nothing, or nothing of this split. */
  load(): Promise<{ readonly completed: Completed; readonly modelDirectory: string } | null>
  /** Replaces what was kept. A model that can't be saved is told to the log, and costs no more than the way back. */
  save(completed: Completed, instance: AlgorithmInstance): Promise<void>
}

/** @param splitHash - of the protocol that the steps are of */
export function openCompletedSteps(job: ExperimentJob, splitHash: string, log: (message: string) => void): CompletedSteps {
  const folder = join(workDirectory(job.runDirectory, job.hash), 'completed')
  const file = join(folder, 'completed.json')
  const modelDirectory = (steps: number): string => join(folder, `model-${steps}`)
  return {
    async load() {
      const completed = parseCompleted(await readFile(file, 'utf8').catch(() => null), splitHash)
      return completed === null ? null : { completed, modelDirectory: modelDirectory(completed.steps) }
    },
    async save(completed, instance) {
      const directory = modelDirectory(completed.steps)
      await rm(directory, { recursive: true, force: true })
      await mkdir(directory, { recursive: true })
      try {
        await instance.save(directory)
      } catch (error) {
        if (storageFault(error) !== null) throw error
        return log(`the model can't be kept between tasks: ${error instanceof Error ? error.message : String(error)}`)
      }
      await writeFileAtomically(file, JSON.stringify({ splitHash, ...completed }))
      await removeOthers(folder, [directory, file])
    },
  }
}

/** Models of earlier steps are needed no more: there may be many tasks, and models are large. */
async function removeOthers(folder: string, kept: readonly string[]): Promise<void> {
  for (const name of await readdir(folder))
    if (!kept.includes(join(folder, name))) await rm(join(folder, name), { recursive: true, force: true })
}

/** What cannot be read costs time and nothing else. */
function parseCompleted(text: string | null, splitHash: string): Completed | null {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    if (!isRecord(value) || value['splitHash'] !== splitHash || typeof value['steps'] !== 'number') return null
    const { steps, evaluations, scores } = value
    return Array.isArray(evaluations) && Array.isArray(scores) ? { steps, evaluations, scores } : null
  } catch {
    return null
  }
}
