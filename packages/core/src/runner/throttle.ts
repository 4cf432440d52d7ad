import { performance } from 'node:perf_hooks'

/** Passes on at most ten calls a second; the last of a burst may be lost, progress is only for people. */
export function throttle<Value>(listener: (value: Value) => void): (value: Value) => void {
  let last = Number.NEGATIVE_INFINITY
  return (value) => {
    const now = performance.now()
    if (now - last < 100) return
    last = now
    listener(value)
  }
}
