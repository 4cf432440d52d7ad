import type { ExperimentRecord } from '@im-iad/core'

/** A record with what tables and pages show; `change` replaces parts of it. */
export function recordOf(change: Partial<ExperimentRecord> = {}): ExperimentRecord {
  const {
    dataset = 'mtd',
    category = 'tile',
    algorithm = 'patchcore',
    paradigm = 'unsupervised',
    seed = 0,
    metrics = { 'image.auroc': 0.91, 'pixel.auroc': 0.8 },
  } = change
  const hash = `${dataset}${category ?? ''}${algorithm}${seed}`.padEnd(64, '0')
  return {
    schema: 1,
    hash,
    dataset,
    category,
    algorithm,
    paradigm,
    seed,
    budget: 'laptop',
    frame: 'model',
    inputs: {
      schema: 1,
      coreRevision: 1,
      dataset: { id: dataset, revision: 1, parameters: {} },
      category,
      algorithm: { id: algorithm, revision: 1, parameters: { coresetRatio: 0.01 } },
      paradigm: { id: paradigm, revision: 1, parameters: {} },
      metrics: [],
      backbones: [{ parameter: 'backbone', name: 'embedded', revision: 1, sha256: null }],
      engine: 'wasm',
      device: 'cpu',
      budget: 'laptop',
      frame: 'model',
      seed,
      dataFingerprint: 'f',
    },
    status: 'done',
    error: null,
    splitHash: 's',
    leaky: null,
    notes: [],
    metrics,
    reasons: {},
    evaluations: [
      { afterTask: 'tile', task: 'tile', counts: { train: 8, testNormal: 2, testAnomalous: 3 }, metrics, reasons: {}, details: {} },
    ],
    measured: {
      startedAt: '2026-01-01T00:00:00.000Z',
      seconds: { total: 9, fit: 4, predict: 3, metrics: 1 },
      latency: { predict: { cold: 90, p50: 20.5, p95: 30, p99: 31 } },
      peakMemoryBytes: 5e8,
      host: { platform: 'linux-x64', cpu: 'a processor', cores: 2, node: 'v20' },
      versions: { '@im-iad/algo-patchcore': '1.0.0' },
    },
    ...change,
  }
}

/** Changes the algorithm's parameters of a record. */
export function withParameters(record: ExperimentRecord, parameters: Readonly<Record<string, unknown>>): ExperimentRecord {
  return { ...record, inputs: { ...record.inputs, algorithm: { ...record.inputs.algorithm, parameters } } }
}
