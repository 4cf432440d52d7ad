import { loadPlugin, type AlgorithmPlugin, type Budget, type Registry, type Setting } from '@im-iad/core'
import { noAlgorithm } from '../errors.ts'
import { chooseAlgorithm, whyUnsuitable, type ChosenAlgorithm } from '../fit/choose-algorithm.ts'

/** What trying one method takes. */
export interface TrialWork {
  /** How often it is fitted: what is trained for a number of steps takes as long each time, however few pictures there are. */
  readonly fits: number
  /** Pictures of one fit, about. */
  readonly train: number
  /** Pictures that are scored, over all fits. */
  readonly test: number
}

export interface PickRequest {
  readonly registry: Registry
  readonly budget: Budget
  readonly settings: readonly Setting[]
  /** Algorithms by id; `null` takes the fastest that are installed. */
  readonly wanted: readonly string[] | null
  readonly work: TrialWork
}

export interface PickedAlgorithms {
  readonly chosen: readonly ChosenAlgorithm[]
  /** Why others are not tried, a clause each. */
  readonly left: readonly string[]
}

/** More would turn the first hour into an afternoon. */
const MOST = 3
/** As many are tried however their times compare. */
const LEAST = 2
/** Slower ones are only tried when they are named: half an hour for one method, by its own estimate on two cores. */
const SLOWEST_SECONDS = 1800

interface Candidate {
  readonly chosen: ChosenAlgorithm
  readonly seconds: number
}

/**
 * The algorithms to try: those that learn from good pictures alone and can be run here, fastest first by their own estimates.
 * @throws ImIadError IM_IAD_E_ALGORITHM when there is none, saying why not; as `chooseAlgorithm` for one that was named
 */
export async function pickAlgorithms(request: PickRequest): Promise<PickedAlgorithms> {
  const { registry, wanted, budget, settings } = request
  if (wanted !== null) {
    const chosen: ChosenAlgorithm[] = []
    for (const id of wanted) chosen.push(await chooseAlgorithm({ registry, id, budget, settings }))
    return { chosen, left: [] }
  }
  const candidates: Candidate[] = []
  const left: string[] = []
  for (const found of registry.list('algorithm')) {
    const id = found.id
    try {
      const plugin = await loadPlugin({ ...found, kind: 'algorithm' })
      const unsuitable = whyUnsuitable(plugin)
      if (unsuitable !== null) left.push(`${id}: ${unsuitable}`)
      else {
        const chosen = await chooseAlgorithm({ registry, id: `${found.package}/${id}`, budget, settings })
        candidates.push({ chosen, seconds: estimate(plugin, chosen, request) })
      }
    } catch (error) {
      left.push(`${id}: ${firstLine(error)}`)
    }
  }
  const fast = candidates.filter(({ seconds }) => seconds <= SLOWEST_SECONDS).toSorted((a, b) => a.seconds - b.seconds)
  left.push(
    ...candidates
      .filter(({ seconds }) => seconds > SLOWEST_SECONDS)
      .map(({ chosen }) => `${chosen.plugin.id}: slow; -a ${chosen.plugin.id} tries it`),
  )
  const tried = takeFastest(fast)
  left.push(...fast.slice(tried.length).map(({ chosen: { plugin } }) => `${plugin.id}: slower than the others; -a ${plugin.id} tries it`))
  if (fast.length === 0) throw noAlgorithm(left)
  return { chosen: tried.map(({ chosen }) => chosen), left }
}

/** A further one is worth waiting for when it takes no longer than those before it together. @param candidates - fastest first */
function takeFastest(candidates: readonly Candidate[]): readonly Candidate[] {
  const taken: Candidate[] = []
  let total = 0
  for (const candidate of candidates.slice(0, MOST)) {
    if (taken.length >= LEAST && candidate.seconds > total) break
    taken.push(candidate)
    total += candidate.seconds
  }
  return taken
}

function estimate(plugin: AlgorithmPlugin, { parameters }: ChosenAlgorithm, { work }: PickRequest): number {
  const { fits, train, test } = work
  return fits * (plugin.estimateSeconds?.(parameters, { train, test: Math.ceil(test / fits) }) ?? Number.POSITIVE_INFINITY)
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}
