import type { SequenceEvaluation, SequenceMetric } from '@im-iad/core'
import { defineCheck, describeThrown, violates, type Check } from '../../check.ts'
import { deepFreeze } from '../../deep-freeze.ts'
import type { PluginSubject } from '../../subjects/plugin-subject.ts'
import { resultFault } from './result-fault.ts'

const TASKS = ['first', 'second', 'third']

/** Every task is as good in the end as it was at first. */
const KEPT: SequenceEvaluation = {
  tasks: TASKS,
  direction: 'higher-is-better',
  matrix: [
    [0.9, 0.5, 0.5],
    [0.9, 0.9, 0.5],
    [0.9, 0.9, 0.9],
  ],
}

/** Earlier tasks are forgotten. */
const FORGOTTEN: SequenceEvaluation = {
  tasks: TASKS,
  direction: 'higher-is-better',
  matrix: [
    [0.9, 0.5, 0.5],
    [0.6, 0.9, 0.5],
    [0.5, 0.6, 0.9],
  ],
}

/** What a metric of sequences of tasks must do. */
export const sequenceChecks: readonly Check<PluginSubject<SequenceMetric>>[] = [
  defineCheck({
    id: 'sequence-gives-a-number',
    why: 'A sequence in which everything was evaluated has a number.',
    fix: 'return { value } with a finite number for a full matrix',
    run({ plugin }) {
      for (const given of [KEPT, FORGOTTEN]) {
        const result = plugin.computeSequence(deepFreeze(structuredClone(given)))
        const fault = resultFault(result)
        if (fault !== null) violates(fault)
        if (result.value === null) violates(`it gives none: ${result.reason}`)
      }
    },
  }),
  defineCheck({
    id: 'sequence-direction-is-right',
    why: 'Tables mark the best by the declared direction.',
    fix: 'correct "direction", or the sign',
    requires: ['sequence-gives-a-number'],
    run({ plugin }) {
      const [kept, forgotten] = [plugin.computeSequence(KEPT).value ?? 0, plugin.computeSequence(FORGOTTEN).value ?? 0]
      const worse = plugin.direction === 'higher-is-better' ? kept < forgotten : kept > forgotten
      if (worse) violates(`${plugin.direction}, but nothing forgotten gives ${kept} and much forgotten ${forgotten}`)
    },
  }),
  defineCheck({
    id: 'sequence-knows-what-is-better',
    why: 'Sequence metrics are computed for every metric, also for those of which less is better.',
    fix: 'look at "direction" of the evaluation: with lower-is-better a rising value is the worse one',
    requires: ['sequence-gives-a-number'],
    run({ plugin }) {
      const mirrored = ({ tasks, matrix }: SequenceEvaluation): SequenceEvaluation => ({
        tasks,
        direction: 'lower-is-better',
        matrix: matrix.map((row) => row.map((value) => (value === null ? null : 1 - value))),
      })
      const difference = (of: (evaluation: SequenceEvaluation) => SequenceEvaluation): number =>
        (plugin.computeSequence(of(FORGOTTEN)).value ?? 0) - (plugin.computeSequence(of(KEPT)).value ?? 0)
      const [plain, turned] = [difference((evaluation) => evaluation), difference(mirrored)]
      // What rises with forgetting is in the metric's own sense; what follows the values themselves turns with them.
      if (plugin.direction === 'lower-is-better' && plain * turned < 0)
        violates(`forgetting changes it by ${plain} where more is better, and by ${turned} where less is`)
    },
  }),
  defineCheck({
    id: 'sequence-gaps-have-a-reason',
    why: 'Protocols may evaluate a task late or not at all, and have a single task.',
    fix: 'return { value: null, reason } where the metric is not defined; never throw, never return NaN',
    run({ plugin }) {
      const cases: Readonly<Record<string, Omit<SequenceEvaluation, 'direction'>>> = {
        'no task': { tasks: [], matrix: [] },
        'one task': { tasks: ['first'], matrix: [[0.9]] },
        'a task that was never evaluated': {
          tasks: TASKS,
          matrix: KEPT.matrix.map(([first = null, , third = null]) => [first, null, third]),
        },
        'nothing evaluated': { tasks: TASKS, matrix: TASKS.map(() => [null, null, null]) },
      }
      for (const [name, given] of Object.entries(cases)) {
        const fault = resultFault(computeSafely(() => plugin.computeSequence({ ...given, direction: 'higher-is-better' }), name))
        if (fault !== null) violates(`${name}: ${fault}`)
      }
    },
  }),
]

function computeSafely<Result>(work: () => Result, name: string): Result {
  try {
    return work()
  } catch (error) {
    return violates(`${name}: it throws ${describeThrown(error)}`)
  }
}
