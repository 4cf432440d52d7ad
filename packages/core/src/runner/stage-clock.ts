import { performance } from 'node:perf_hooks'
import type { LatencyRecord } from '../store/record.ts'

/** Collects milliseconds per picture by stage over the batches of an experiment. */
export interface StageClock {
  /** Adds to the stage's time in the current batch. */
  add(stage: string, milliseconds: number): void
  /** Times a piece of work. */
  time<Result>(stage: string, work: () => Promise<Result>): Promise<Result>
  /** Ends a batch of so many pictures. */
  endBatch(pictures: number): void
  /** By stage: the first batch, and quantiles over the later ones (over the first where there are no others). */
  summary(): Readonly<Record<string, LatencyRecord>>
}

export function createStageClock(): StageClock {
  const current = new Map<string, number>()
  const finished = new Map<string, number[]>()
  const add = (stage: string, milliseconds: number): void => void current.set(stage, (current.get(stage) ?? 0) + milliseconds)
  return {
    add,
    async time(stage, work) {
      const start = performance.now()
      try {
        return await work()
      } finally {
        add(stage, performance.now() - start)
      }
    },
    endBatch(pictures) {
      for (const [stage, milliseconds] of current) {
        const perPicture = finished.get(stage) ?? []
        perPicture.push(milliseconds / pictures)
        finished.set(stage, perPicture)
      }
      current.clear()
    },
    summary: () => Object.fromEntries([...finished].map(([stage, values]) => [stage, summarize(values)])),
  }
}

function summarize(values: readonly number[]): LatencyRecord {
  const [cold = 0, ...rest] = values
  const warm = (rest.length === 0 ? [cold] : rest).toSorted((a, b) => a - b)
  const quantile = (fraction: number): number => round(warm[Math.min(warm.length - 1, Math.ceil(fraction * warm.length) - 1)] ?? cold)
  return { cold: round(cold), p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) }
}

/** Microseconds are as fine as it gets. */
function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}
