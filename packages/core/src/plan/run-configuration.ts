import type { Budget } from '../contracts/algorithm.ts'
import type { MapRetention } from '../runner/job.ts'
import type { EvaluationFrame } from '../store/record.ts'

/** One `--set OWNER.NAME=TEXT`; an owner is the id of a selected dataset, algorithm or paradigm. */
export interface Setting {
  readonly owner: string
  readonly name: string
  readonly text: string
}

/** What a user asks for: every combination of it is an experiment. */
export interface RunConfiguration {
  readonly datasets: readonly string[]
  /** `null`: all of each dataset. */
  readonly categories: readonly string[] | null
  readonly algorithms: readonly string[]
  readonly paradigms: readonly string[]
  readonly settings: readonly Setting[]
  readonly seeds: readonly number[]
  readonly budget: Budget
  readonly frame: EvaluationFrame
  readonly dataRoot: string | null
  readonly textureDirectory: string | null
  readonly engine: string
  /** What the engine computes on: `cpu`, `cuda`, `webgpu`. */
  readonly device: string
  /** Threads that each experiment's native libraries may use. A training's last digits can depend on it. */
  readonly threads: number
  readonly retention: MapRetention
  readonly timeLimitSeconds: number | null
  readonly memoryLimitBytes: number | null
}
