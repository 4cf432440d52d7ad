const METRICS = ['image.auroc', 'image.ap', 'pixel.auroc', 'pixel.ap', 'pixel.aupro']

/** Two-sided 95 % quantiles of Student's t for 1, 2, … degrees of freedom. */
const T95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]

/**
 * Metrics as the mean over categories of each seed, then mean and half the width of the 95 % interval over seeds (Student's t; `null` with one seed); costs as means of all experiments, memory as the largest.
 * @param {readonly object[]} experiments - records
 */
export function summarize(experiments) {
  const seeds = [...new Set(experiments.map(({ seed }) => seed))]
  const metrics = METRICS.map((metric) => {
    const perSeed = seeds.map((seed) =>
      mean(experiments.filter((record) => record.seed === seed).map(({ metrics: values }) => values[metric])),
    )
    return [metric, perSeed.some((value) => !Number.isFinite(value)) ? null : interval(perSeed)]
  })
  const measured = experiments.map((record) => record.measured)
  return {
    ...Object.fromEntries(metrics),
    fitSeconds: mean(measured.map(({ seconds }) => seconds.fit)),
    predictMilliseconds: mean(measured.map(({ latency }) => latency.predict.p50)),
    peakMegabytes: Math.max(...measured.map(({ peakMemoryBytes }) => peakMemoryBytes)) / 2 ** 20,
  }
}

function mean(values) {
  return values.every((value) => typeof value === 'number') ? values.reduce((sum, value) => sum + value, 0) / values.length : Number.NaN
}

function interval(values) {
  const middle = mean(values)
  if (values.length < 2) return { mean: middle, half: null, values }
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1))
  return { mean: middle, half: ((T95[values.length - 2] ?? 1.96) * deviation) / Math.sqrt(values.length), values }
}

/** A Markdown table. */
export function tableOf(rows) {
  const heads = [
    'dataset',
    'algorithm',
    '',
    'image AUROC',
    'image AP',
    'pixel AUROC',
    'pixel AP',
    'PRO',
    'fit s',
    'predict ms/image',
    'peak MB',
  ]
  const lines = rows.map((row) => [
    row.dataset,
    row.algorithm,
    row.variant,
    ...METRICS.map((metric) => textOf(row[metric])),
    row.fitSeconds.toFixed(1),
    row.predictMilliseconds.toFixed(0),
    row.peakMegabytes.toFixed(0),
  ])
  return [heads, heads.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function textOf(value) {
  if (value === null) return '–'
  return value.half === null ? value.mean.toFixed(3) : `${value.mean.toFixed(3)} ±${value.half.toFixed(3)}`
}
