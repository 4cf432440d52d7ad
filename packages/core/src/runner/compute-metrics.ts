import type { Evaluation, EvaluationMetric, MetricPlugin, MetricResult, SequenceEvaluation, SequenceMetric } from '../contracts/metric.ts'
import type { EvaluationRecord, MetricValues } from '../store/record.ts'

/** Metric numbers with their reasons and further numbers as siblings. */
export type ComputedMetrics = Pick<EvaluationRecord, 'metrics' | 'reasons' | 'details'>

/** Computes all metrics of one evaluation. A metric that throws gives `null` and its message as the reason: it must not cost the others. */
export async function computeMetrics(metrics: readonly EvaluationMetric[], evaluation: Evaluation): Promise<ComputedMetrics> {
  const values: Record<string, number | null> = {}
  const reasons: Record<string, string> = {}
  const details: Record<string, Readonly<Record<string, number>>> = {}
  for (const metric of metrics) {
    const result = await compute(metric, evaluation)
    values[metric.id] = result.value
    if (result.value === null) reasons[metric.id] = result.reason
    else if (result.details !== undefined) details[metric.id] = result.details
  }
  return { metrics: values, reasons, details }
}

async function compute(metric: EvaluationMetric, evaluation: Evaluation): Promise<Awaited<ReturnType<EvaluationMetric['compute']>>> {
  try {
    const result = await metric.compute(evaluation)
    if (result.value !== null && !Number.isFinite(result.value)) return { value: null, reason: `the metric returned ${result.value}` }
    return result
  } catch (error) {
    return { value: null, reason: `the metric failed: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/**
 * The numbers that stand for a whole experiment: the evaluation's own where there is one; else the means over the tasks tested after the last
 * step, and every sequence metric of every metric as `<sequence metric>.<metric>`.
 */
export function summarizeEvaluations(
  evaluations: readonly EvaluationRecord[],
  metrics: readonly MetricPlugin[],
): Pick<EvaluationRecord, 'metrics' | 'reasons'> {
  const [only, second] = evaluations
  if (only !== undefined && second === undefined) return { metrics: only.metrics, reasons: only.reasons }
  const values: Record<string, number | null> = {}
  const reasons: Record<string, string> = {}
  const last = evaluations.at(-1)?.afterTask
  const final = evaluations.filter((evaluation) => evaluation.afterTask === last)
  for (const metric of metrics) {
    if (metric.level === 'sequence') {
      for (const evaluated of metrics) if (evaluated.level !== 'sequence') addSequence(metric, evaluated, evaluations, values, reasons)
      continue
    }
    const numbers = final.map((evaluation) => evaluation.metrics[metric.id] ?? null)
    const missing = final.find((evaluation) => (evaluation.metrics[metric.id] ?? null) === null)
    if (missing === undefined) values[metric.id] = numbers.reduce<number>((sum, value) => sum + (value ?? 0), 0) / numbers.length
    else {
      values[metric.id] = null
      reasons[metric.id] = `task "${missing.task}": ${missing.reasons[metric.id] ?? 'not computed'}`
    }
  }
  return { metrics: values, reasons }
}

function addSequence(
  sequence: SequenceMetric,
  evaluated: EvaluationMetric,
  evaluations: readonly EvaluationRecord[],
  values: Record<string, number | null>,
  reasons: Record<string, string>,
): void {
  const steps = [...new Set(evaluations.map((evaluation) => evaluation.afterTask))]
  const tested = new Set(evaluations.map((evaluation) => evaluation.task))
  const tasks = [...new Set([...steps.filter((step) => tested.has(step)), ...tested])]
  const valueOf = (after: string, task: string): number | null =>
    evaluations.find((evaluation) => evaluation.afterTask === after && evaluation.task === task)?.metrics[evaluated.id] ?? null
  const result = computeSafely(sequence, {
    tasks,
    direction: evaluated.direction,
    matrix: steps.map((after) => tasks.map((task) => valueOf(after, task))),
  })
  const id = `${sequence.id}.${evaluated.id}`
  values[id] = result.value
  if (result.value === null) reasons[id] = result.reason
}

/** As of single evaluations, a metric that throws or gives no finite number must not cost the others. */
function computeSafely(sequence: SequenceMetric, evaluation: SequenceEvaluation): MetricResult {
  try {
    const result = sequence.computeSequence(evaluation)
    return result.value === null || Number.isFinite(result.value) ? result : { value: null, reason: `the metric returned ${result.value}` }
  } catch (error) {
    return { value: null, reason: `the metric failed: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** The metrics that are computed per evaluation, in the order in which they are reported. */
export function evaluationMetrics(metrics: readonly MetricPlugin[]): readonly EvaluationMetric[] {
  return metrics.filter((metric): metric is EvaluationMetric => metric.level !== 'sequence')
}

/** For records without numbers. */
export const NO_METRICS: MetricValues = {}
