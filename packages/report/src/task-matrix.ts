import type { ExperimentRecord } from '@im-iad/core'
import { groupBy, groupBySetting, overSeeds } from './result-rows.ts'
import { meanAndDeviation, type MeanAndDeviation } from './statistics.ts'

/** Experiments over several tasks that differ in their seed only, and have the same tasks in the same order. */
export interface TaskSequence {
  readonly dataset: string
  readonly algorithm: string
  readonly paradigm: string
  readonly variant: string
  readonly seeds: readonly number[]
  /** In the order in which they were learned. */
  readonly tasks: readonly string[]
  readonly records: readonly ExperimentRecord[]
}

/** One metric of every task after every task. */
export interface TaskMatrix {
  readonly metric: string
  /** `cells[after][task]`, over seeds; `null` where it was not tested, or a seed has no number. */
  readonly cells: readonly (readonly (MeanAndDeviation | null)[])[]
  /** The mean of each row over the tasks tested; `null` where one has no number. */
  readonly averages: readonly (number | null)[]
  /** What is lost of each task's best in the end, on the means over seeds; `null` for the last task. Higher-is-better metrics only, as all of tables are. */
  readonly forgotten: readonly (number | null)[]
  /** The forgetting measure as recorded, over seeds. */
  readonly forgetting: MeanAndDeviation | null
  /** The mean of what was reached right after each task, as recorded, over seeds. */
  readonly ownTask: MeanAndDeviation | null
}

/** What tells the recorded sequence metrics from those of evaluations. */
export const SEQUENCE_PREFIX = 'sequence.'

export function taskSequences(records: readonly ExperimentRecord[]): readonly TaskSequence[] {
  return groupBySetting(records).flatMap(({ records: group, variant }) =>
    groupBy(
      group.filter((record) => tasksOf(record).length > 1),
      (record) => JSON.stringify(tasksOf(record)),
    ).flatMap((members, _place, orders) => {
      const [first] = members
      if (first === undefined) return []
      const { dataset, algorithm, paradigm } = first
      const seeds = members.map((record) => record.seed).toSorted((a, b) => a - b)
      const which = orders.length > 1 ? `seed ${seeds.join(', ')}` : ''
      return [
        {
          dataset,
          algorithm,
          paradigm,
          variant: [variant, which].filter((part) => part !== '').join(', '),
          seeds,
          tasks: tasksOf(first),
          records: members,
        },
      ]
    }),
  )
}

/** The tasks that were learned, in order. */
function tasksOf({ evaluations }: ExperimentRecord): readonly string[] {
  return [...new Set(evaluations.map((evaluation) => evaluation.afterTask))]
}

export function taskMatrix({ tasks, records }: TaskSequence, metric: string): TaskMatrix {
  const cells = tasks.map((after) => tasks.map((task) => cellOf(records, after, task, metric)))
  const means = cells.map((row) => row.map((cell) => cell?.mean ?? null))
  const tested = tasks.map((after) => tasks.map((task) => records.some((record) => isTested(record, after, task))))
  return {
    metric,
    cells,
    averages: means.map((row, after) => averageOf(row.filter((_, task) => tested[after]?.[task] === true))),
    forgotten: tasks.map((_, task) => (task === tasks.length - 1 ? null : lossOf(means.map((row) => row[task] ?? null)))),
    forgetting: overSeeds(records, `${SEQUENCE_PREFIX}forgetting.${metric}`),
    ownTask: overSeeds(records, `${SEQUENCE_PREFIX}own-task.${metric}`),
  }
}

function isTested({ evaluations }: ExperimentRecord, after: string, task: string): boolean {
  return evaluations.some((evaluation) => evaluation.afterTask === after && evaluation.task === task)
}

function cellOf(records: readonly ExperimentRecord[], after: string, task: string, metric: string): MeanAndDeviation | null {
  const values = records.flatMap(
    ({ evaluations }) =>
      evaluations.find((evaluation) => evaluation.afterTask === after && evaluation.task === task)?.metrics[metric] ?? [],
  )
  return values.length === records.length ? meanAndDeviation(values) : null
}

function averageOf(values: readonly (number | null)[]): number | null {
  const numbers = values.flatMap((value) => value ?? [])
  return numbers.length === values.length ? (meanAndDeviation(numbers)?.mean ?? null) : null
}

function lossOf(values: readonly (number | null)[]): number | null {
  const last = values.at(-1) ?? null
  const earlier = values.slice(0, -1).flatMap((value) => value ?? [])
  return last === null || earlier.length === 0 ? null : Math.max(...earlier) - last
}
