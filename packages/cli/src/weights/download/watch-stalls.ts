/** Ends a request when nothing comes for a while, whatever it waits for: a connection, an answer, the next bytes. */
export interface StallWatch {
  /** Aborted by a stall, or by the outer signal. */
  readonly signal: AbortSignal
  /** Something came. */
  readonly alive: () => void
  readonly stalled: () => boolean
  readonly stop: () => void
}

export function watchStalls(milliseconds: number, outer: AbortSignal): StallWatch {
  const stall = new AbortController()
  const timer = setTimeout(() => stall.abort(), milliseconds)
  return {
    signal: AbortSignal.any([stall.signal, outer]),
    alive: () => void timer.refresh(),
    stalled: () => stall.signal.aborted,
    stop: () => clearTimeout(timer),
  }
}
