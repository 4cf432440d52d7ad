import { timeMetrics } from './support/time-metrics.mjs'

/** Seconds for AUROC, AP and AUPRO of 83 continuous maps of 256x256, and the same by scikit-learn and the MVTec procedure where they are installed. */
export function bench({ log }) {
  return timeMetrics({ name: 'metrics-256', count: 83, size: 256, rounds: 7, target: 'under 0.6', peer: true, log })
}
