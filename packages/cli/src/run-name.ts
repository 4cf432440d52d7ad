import { createHash } from 'node:crypto'
import type { Plan } from '@im-iad/core'

/** A name that says what is run and that the same request gives again, so that it goes on where it stopped: `mtd-patchcore+padim-unsupervised-1a2b3c4d`. */
export function runName(plan: Plan): string {
  const inputs = plan.experiments.map((experiment) => experiment.job.inputs)
  const part = (select: (index: (typeof inputs)[number]) => string): string => {
    // An id of "package/id" would make folders.
    const ids = [...new Set(inputs.map((input) => select(input).replaceAll(/[^\w.-]+/g, '_')))]
    return ids.length > 3 ? `${ids.length}` : ids.join('+')
  }
  const hashes = plan.experiments.map((experiment) => experiment.job.hash).toSorted()
  const digest = createHash('sha256').update(hashes.join()).digest('hex').slice(0, 8)
  return [part((input) => input.dataset.id), part((input) => input.algorithm.id), part((input) => input.paradigm.id), digest].join('-')
}
