import { loadRuntime, type Runtime } from '@im-iad/onnx'
import type { InferenceSession } from 'onnxruntime-node'
import { Tally } from './counters.ts'
import { runOnCpu } from './fallback.ts'
import { collectPending, type PendingGraph } from './plan/pending-graph.ts'
import { PlanCache } from './plan/plan-cache.ts'
import { Plan } from './plan/plan.ts'
import type { LazyValue } from './recording/lazy-value.ts'
import type { RecordedCall } from './recording/recorded-call.ts'

export interface EngineOptions {
  /** Threads within one operator; the number of cores by default. */
  readonly threads?: number
  /** ONNX Runtime's execution providers in order of preference; `['cpu']` by default. */
  readonly executionProviders?: readonly string[]
  /** How many compiled graphs are kept; 32 by default. */
  readonly cacheSize?: number
}

const DEFAULT_CACHE_SIZE = 32

/** Computes pending values: one graph at a time, since ONNX Runtime blocks anyhow. */
export class LazyEngine {
  readonly tally: Tally = new Tally()
  /** Values of variables that are still to be computed: every run takes them along, so that a training step is one graph. */
  readonly #pendingVariables = new Set<LazyValue>()
  readonly #options: InferenceSession.SessionOptions
  readonly #plans: PlanCache
  #runtime: Runtime | null = null
  #queue: Promise<void> = Promise.resolve()

  constructor({ threads, executionProviders = ['cpu'], cacheSize = DEFAULT_CACHE_SIZE }: EngineOptions) {
    this.#options = {
      executionProviders,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      interOpNumThreads: 1,
      enableMemPattern: false,
      logSeverityLevel: 3,
      // Idle threads must not burn the other cores between two runs; weights are not to be taken from the arena, which grows by powers of two.
      extra: { session: { force_spinning_stop: '1', use_device_allocator_for_initializers: '1' } },
    }
    this.#plans = new PlanCache(cacheSize, (pending, fedScalars) => this.#compile(pending, fedScalars), this.tally)
  }

  get cachedPlans(): number {
    return this.#plans.size
  }

  /** Marks a value as one that a variable holds. */
  markVariable(value: LazyValue): void {
    value.isVariable = true
    if (value.call !== null) this.#pendingVariables.add(value)
  }

  /** Computes the given values, and all variables that wait. Calls are served one after the other. */
  compute(values: readonly LazyValue[]): Promise<void> {
    const done = this.#queue.then(() => this.#computeNow(values))
    this.#queue = done.catch(() => undefined)
    return done
  }

  async dispose(): Promise<void> {
    await this.#queue
    await this.#plans.clear()
  }

  async #computeNow(values: readonly LazyValue[]): Promise<void> {
    const wanted = new Set(values.filter(({ call }) => call !== null))
    if (wanted.size === 0) return
    for (const variable of this.#pendingVariables) if (variable.call !== null && variable.handles > 0) wanted.add(variable)
    this.#pendingVariables.clear()
    try {
      await this.#computeAll([...wanted])
    } finally {
      for (const value of wanted) if (value.call !== null && value.isVariable) this.#pendingVariables.add(value)
    }
  }

  /** Kernels that run on tfjs `cpu` cut the graph: what they need is computed first. */
  async #computeAll(wanted: readonly LazyValue[]): Promise<void> {
    for (;;) {
      const pending = collectPending(wanted)
      const foreign = pending.calls.find(({ kernel }) => kernel.lower === null)
      if (foreign === undefined) return this.#run(pending)
      await this.#runForeign(foreign)
    }
  }

  async #runForeign(call: RecordedCall): Promise<void> {
    const inputs = call.inputs.filter((input) => input !== null && input.call !== null) as readonly LazyValue[]
    if (inputs.length > 0) await this.#run(collectPending(inputs))
    runOnCpu(call, this.tally)
  }

  async #run(pending: PendingGraph): Promise<void> {
    if (pending.calls.length === 0) return
    const plan = await this.#plans.planFor(pending)
    await plan.run(pending)
  }

  async #compile(pending: PendingGraph, fedScalars: ReadonlySet<number>): Promise<Plan> {
    this.#runtime ??= await loadRuntime()
    const start = performance.now()
    const plan = await Plan.compile(this.#runtime, pending, fedScalars, this.#options)
    this.tally.compiledPlans++
    this.tally.compileSeconds += (performance.now() - start) / 1000
    return plan
  }
}
