import { loadPlugin, type Budget, type Registry, type Setting } from '@im-iad/core'
import { noAlgorithm } from '../errors.ts'
import { chooseAlgorithm, whyUnsuitable, type ChosenAlgorithm } from '../fit/choose-algorithm.ts'
import { worthTrying, type TrialCandidate } from './worth-trying.ts'

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
  /** Algorithms by id; `null` takes those that {@link worthTrying} picks. */
  readonly wanted: readonly string[] | null
  readonly work: TrialWork
}

export interface PickedAlgorithms {
  readonly chosen: readonly ChosenAlgorithm[]
  /** What they take together by their own estimates, on two cores; infinite where one gives none. */
  readonly seconds: number
  /** Why others are not tried, a clause each. */
  readonly left: readonly string[]
}

/** What methods are put in order by: one fit to a small folder. */
const SMALL: TrialWork = { fits: 1, train: 60, test: 12 }

interface Candidate extends TrialCandidate {
  readonly chosen: ChosenAlgorithm
}

/**
 * The algorithms to try: of those that learn from good pictures alone and can be run here the ones that are worth the time.
 * @throws ImIadError IM_IAD_E_ALGORITHM when there is none, saying why not; as `chooseAlgorithm` for one that was named
 */
export async function pickAlgorithms(request: PickRequest): Promise<PickedAlgorithms> {
  const { registry, wanted, budget, settings, work } = request
  if (wanted !== null) {
    const chosen: ChosenAlgorithm[] = []
    for (const id of wanted) chosen.push(await chooseAlgorithm({ registry, id, budget, settings }))
    return { chosen, seconds: total(chosen.map((each) => estimate(each, work))), left: [] }
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
        candidates.push({ id, chosen, seconds: estimate(chosen, work), smallSeconds: estimate(chosen, SMALL) })
      }
    } catch (error) {
      left.push(`${id}: ${firstLine(error)}`)
    }
  }
  const worth = worthTrying(candidates)
  left.push(...worth.left)
  if (worth.tried.length === 0) throw noAlgorithm(left)
  return { chosen: worth.tried.map(({ chosen }) => chosen), seconds: total(worth.tried.map(({ seconds }) => seconds)), left }
}

function total(seconds: readonly number[]): number {
  return seconds.reduce((sum, each) => sum + each, 0)
}

function estimate({ plugin, parameters }: ChosenAlgorithm, { fits, train, test }: TrialWork): number {
  return fits * (plugin.estimateSeconds?.(parameters, { train, test: Math.ceil(test / fits) }) ?? Number.POSITIVE_INFINITY)
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}
