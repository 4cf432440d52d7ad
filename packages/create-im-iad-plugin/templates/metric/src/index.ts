import { defineMetric, type EvaluationMetric } from '@im-iad/core'
import { falseAlarmRate } from './false-alarm-rate.ts'

const plugin: EvaluationMetric = defineMetric({
  contract: 1,
  id: '__id__',
  // Raise it whenever the same scores may give another value.
  revision: 1,
  title: 'Share of normal pictures that raise an alarm when 95 % of the anomalous ones do',
  citation: 'none',
  level: 'image',
  direction: 'lower-is-better',
  compute: ({ samples, scores }) =>
    falseAlarmRate(
      samples.map(({ label }) => label),
      scores,
      0.95,
    ),
})

export default plugin
