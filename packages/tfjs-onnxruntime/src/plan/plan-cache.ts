import type { Tally } from '../counters.ts'
import type { PendingGraph } from './pending-graph.ts'
import { leafSource } from './pending-graph.ts'
import type { Plan } from './plan.ts'

/** A plan and what it takes for constant. */
interface Entry {
  plan: Plan
  /** Leaves that are scalars and have changed once: they are fed from then on. */
  readonly fedScalars: Set<number>
  /** The values of the other scalars, which are constants of the plan. */
  baked: ReadonlyMap<number, number>
}

type Compile = (pending: PendingGraph, fedScalars: ReadonlySet<number>) => Promise<Plan>

/** Compiled graphs by their structure; the ones that were not used for longest are released when there are too many. */
export class PlanCache {
  readonly #entries = new Map<string, Entry>()
  readonly #capacity: number
  readonly #compile: Compile
  readonly #tally: Tally

  constructor(capacity: number, compile: Compile, tally: Tally) {
    this.#capacity = capacity
    this.#compile = compile
    this.#tally = tally
  }

  get size(): number {
    return this.#entries.size
  }

  /** The plan for a pending graph: a known one, or one compiled now. */
  async planFor(pending: PendingGraph): Promise<Plan> {
    const entry = this.#entries.get(pending.signature)
    if (entry === undefined) return this.#add(pending)
    // The map's order is the order of use.
    this.#entries.delete(pending.signature)
    this.#entries.set(pending.signature, entry)
    const changed = [...entry.baked].filter(([leaf, value]) => !Object.is(pending.leaves[leaf].data?.[0], value))
    if (changed.length === 0) {
      this.#tally.cacheHits++
      return entry.plan
    }
    for (const [leaf] of changed) entry.fedScalars.add(leaf)
    // Not in the map while it has no plan: compiling may fail.
    this.#entries.delete(pending.signature)
    await entry.plan.release()
    entry.plan = await this.#compile(pending, entry.fedScalars)
    entry.baked = bakedScalars(pending, entry.fedScalars)
    this.#entries.set(pending.signature, entry)
    return entry.plan
  }

  async clear(): Promise<void> {
    const plans = [...this.#entries.values()].map(({ plan }) => plan)
    this.#entries.clear()
    for (const plan of plans) await plan.release()
  }

  async #add(pending: PendingGraph): Promise<Plan> {
    const fedScalars = new Set<number>()
    const plan = await this.#compile(pending, fedScalars)
    this.#entries.set(pending.signature, { plan, fedScalars, baked: bakedScalars(pending, fedScalars) })
    for (const [signature, oldest] of this.#entries) {
      if (this.#entries.size <= this.#capacity) break
      this.#entries.delete(signature)
      await oldest.plan.release()
    }
    return plan
  }
}

function bakedScalars({ leaves }: PendingGraph, fed: ReadonlySet<number>): ReadonlyMap<number, number> {
  const baked = new Map<number, number>()
  for (const [index, leaf] of leaves.entries())
    if (leafSource(leaf) === 'scalar' && !fed.has(index)) baked.set(index, leaf.data?.[0] ?? Number.NaN)
  return baked
}
