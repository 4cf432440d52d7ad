import { timeMetrics } from './support/time-metrics.mjs'

/** Seconds for AUROC, AP and AUPRO of 160 continuous maps of 1024x1024, with the peak memory, maps included. The peer takes minutes here and is left out. */
export function bench({ quick, log }) {
  return timeMetrics({
    name: 'metrics-1024',
    count: 160,
    size: 1024,
    rounds: quick ? 1 : 3,
    target: 'under 10, with 1500 MB',
    peer: false,
    log,
  })
}
