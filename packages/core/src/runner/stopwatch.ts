import { performance } from 'node:perf_hooks'
import type { MeasuredRecord } from '../store/record.ts'
import { readEngineReport } from './engine-report.ts'
import { describeHost } from './host-record.ts'
import type { ExperimentJob } from './job.ts'
import type { StageClock } from './stage-clock.ts'

type Phase = 'fit' | 'predict' | 'metrics'

/** Seconds by phase, and everything else that differs from run to run. */
export interface Stopwatch {
  time<Result>(phase: Phase, work: () => Promise<Result>): Promise<Result>
  measured(clock: StageClock, job: ExperimentJob): MeasuredRecord
}

export function createStopwatch(): Stopwatch {
  const startedAt = new Date().toISOString()
  const start = performance.now()
  const seconds: Record<Phase, number> = { fit: 0, predict: 0, metrics: 0 }
  return {
    async time(phase, work) {
      const begun = performance.now()
      try {
        return await work()
      } finally {
        seconds[phase] += (performance.now() - begun) / 1000
      }
    },
    measured: (clock, job) => ({
      ...engineOf(),
      startedAt,
      seconds: {
        total: round((performance.now() - start) / 1000),
        fit: round(seconds.fit),
        predict: round(seconds.predict),
        metrics: round(seconds.metrics),
      },
      latency: clock.summary(),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      host: describeHost(job.threads),
      versions: versionsOf(job),
    }),
  }
}

function engineOf(): Pick<MeasuredRecord, 'engine'> {
  const engine = readEngineReport()
  return engine === null ? {} : { engine }
}

/** Milliseconds are as fine as it gets. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}

function versionsOf(job: ExperimentJob): Readonly<Record<string, string>> {
  const plugins = [
    job.dataset,
    job.algorithm,
    job.paradigm,
    ...job.metrics,
    ...Object.values(job.backbones).map((backbone) => backbone.plugin),
  ]
  return Object.fromEntries(plugins.map((plugin) => [plugin.package, plugin.version]))
}
