/** What the engine has done since it was registered or reset. */
export interface EngineCounters {
  /** Calls that ran on tfjs `cpu`, by kernel. */
  readonly fallbacks: Readonly<Record<string, number>>
  /** Graphs that were compiled. */
  readonly compiledPlans: number
  /** Compiled graphs that are kept. */
  readonly cachedPlans: number
  /** Runs of a graph that was compiled before. */
  readonly cacheHits: number
  /** Values that were recorded and are still to be computed. */
  readonly pendingNodes: number
  /** Tensors of tfjs that this engine holds. */
  readonly liveBuffers: number
  /** Seconds spent on compiling and opening sessions. */
  readonly compileSeconds: number
}

/** The counters that only ever grow. */
export class Tally {
  readonly fallbacks: Map<string, number> = new Map()
  compiledPlans = 0
  cacheHits = 0
  compileSeconds = 0

  countFallback(kernel: string): void {
    this.fallbacks.set(kernel, (this.fallbacks.get(kernel) ?? 0) + 1)
  }

  reset(): void {
    this.fallbacks.clear()
    this.compiledPlans = 0
    this.cacheHits = 0
    this.compileSeconds = 0
  }
}
