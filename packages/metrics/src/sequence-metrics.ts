import type { MetricResult, SequenceEvaluation } from '@im-iad/core'

/**
 * How much of what was once reached is lost after the last step, over the tasks but the last: the mean of max_{l<k} T[l,j] − T[k,j] over j < k (Chaudhry et al., ECCV 2018, eq. 3 and 4; Xie
 * et al., section III-D). For a metric of which less is better, T[k,j] − min_{l<k} T[l,j]. Negative when tasks got better afterwards.
 */
export function forgetting({ tasks, matrix, direction }: SequenceEvaluation): MetricResult {
  if (tasks.length < 2 || matrix.length < 2) return { value: null, reason: 'nothing can be forgotten with a single task' }
  const sign = direction === 'higher-is-better' ? 1 : -1
  const losses: number[] = []
  for (const [place, task] of tasks.slice(0, -1).entries()) {
    const values = matrix.map((row) => row[place] ?? null)
    const last = values.at(-1) ?? null
    const earlier = values.slice(0, -1).flatMap((value) => (value === null ? [] : [value * sign]))
    if (last === null || earlier.length === 0)
      return { value: null, reason: `task "${task}" has no number before, or after, the last step` }
    losses.push(Math.max(...earlier) - last * sign)
  }
  return { value: mean(losses) }
}

/** The mean over tasks of what is reached right after training on each: T[j,j]. Forgetting alone flatters a model that never learned anything. */
export function reachedAtFirst({ tasks, matrix }: SequenceEvaluation): MetricResult {
  if (tasks.length === 0) return { value: null, reason: 'there is no task' }
  const own: number[] = []
  for (const [place, task] of tasks.entries()) {
    const value = matrix[place]?.[place] ?? null
    if (value === null) return { value: null, reason: `task "${task}" has no number right after it was trained on` }
    own.push(value)
  }
  return { value: mean(own) }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
