import { createRandomSource, type Budget, type Registry, type Setting } from '@im-iad/core'
import {
  costOptimalThreshold,
  crossFittedCost,
  type CostOptimalThreshold,
  type DecisionCosts,
  type FalseRejectGoal,
} from '@im-iad/thresholds'
import { fitAlgorithm, type FittedAlgorithm } from '../fit/fit-algorithm.ts'
import type { ChosenAlgorithm } from '../fit/choose-algorithm.ts'
import type { PreparedPictures } from '../fit/prepare-pictures.ts'
import type { TextureSet } from '../fit/open-textures.ts'
import type { FitListener } from '../fit/run-fit-job.ts'
import type { ModelThreshold } from '../model/description.ts'
import { adviseMore } from './advise-more.ts'
import { adviseOutlier } from './advise-outlier.ts'
import { compareMethods, type AurocInterval, type MethodComparison } from './compare-methods.ts'
import { pickAlgorithms, type TrialWork } from './pick-algorithms.ts'

export interface TryRequest {
  readonly registry: Registry
  readonly prepared: PreparedPictures
  readonly budget: Budget
  readonly settings: readonly Setting[]
  /** Algorithms by id; `null` takes the two fastest that are installed. */
  readonly wanted: readonly string[] | null
  readonly goal: FalseRejectGoal
  /** `null` where nobody named them. */
  readonly costs: DecisionCosts | null
  readonly seed: number
  readonly threads?: number
  /** The user's, for the algorithms that can use some. */
  readonly textures?: TextureSet | null
  /** Where the recommended model is saved. */
  readonly folder: string
  readonly isolation: 'child-process' | 'in-process'
  /** Told once, before the first is fitted: what will be tried and, by their own estimates on two cores, how long it takes; infinite where one gives none. */
  readonly onPicked?: (ids: readonly string[], seconds: number) => void
  /** `fraction` is over all methods. */
  readonly listener: FitListener
}

/** One method's result. */
export interface TriedAlgorithm {
  readonly chosen: ChosenAlgorithm
  readonly fitted: FittedAlgorithm
  readonly auroc: AurocInterval | null
}

/** What the threshold for given costs is, what it did on these pictures, and what it can be expected to do on others. */
export interface CostAdvice extends CostOptimalThreshold {
  readonly costs: DecisionCosts
  readonly crossFitted: Omit<CostOptimalThreshold, 'threshold'> | null
}

export interface Trial {
  readonly tried: readonly TriedAlgorithm[]
  readonly recommended: TriedAlgorithm
  readonly comparison: MethodComparison
  readonly threshold: ModelThreshold
  /** `null` without bad pictures or costs. */
  readonly costAdvice: CostAdvice | null
  /** The picture that the threshold hangs on, in a sentence; `null` where there is none. */
  readonly outlier: string | null
  /** How many more pictures would be needed, a sentence each. */
  readonly more: readonly string[]
  /** Methods that were not tried or failed, and why, a clause each. */
  readonly left: readonly string[]
  /** Removes scratch files, maps included. */
  readonly close: () => Promise<void>
}

/** Good pictures with the highest scores whose maps are kept. */
const SHOWN_GOOD = 12

/**
 * Fits the methods one after the other, each judged by the same held-out pictures, recommends one and saves its model.
 * A method that fails is left out with its reason; when all fail, the last reason is thrown.
 */
export async function tryAlgorithms(request: TryRequest): Promise<Trial> {
  const { prepared } = request
  const picked = await pickAlgorithms({ ...request, work: workOf(prepared) })
  request.onPicked?.(
    picked.chosen.map(({ plugin }) => plugin.id),
    picked.seconds,
  )
  const fits: { readonly chosen: ChosenAlgorithm; readonly fitted: FittedAlgorithm }[] = []
  const left = [...picked.left]
  const close = async (): Promise<void> => {
    for (const { fitted } of fits) await fitted.close()
  }
  try {
    let failure: unknown = null
    for (const [index, chosen] of picked.chosen.entries()) {
      try {
        fits.push({ chosen, fitted: await fitOne(request, chosen, index, picked.chosen.length) })
      } catch (error) {
        request.listener.signal.throwIfAborted()
        failure = error
        left.push(`${chosen.plugin.id}: it failed: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    if (fits.length === 0) throw failure
    return await conclude(request, fits, left, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function conclude(
  request: TryRequest,
  fits: readonly { readonly chosen: ChosenAlgorithm; readonly fitted: FittedAlgorithm }[],
  left: readonly string[],
  close: () => Promise<void>,
): Promise<Trial> {
  const comparison = compareMethods(
    fits.map(({ chosen, fitted: { outcome, threshold } }) => ({
      id: chosen.plugin.id,
      good: outcome.good.filter((score) => score !== null),
      bad: outcome.bad,
      found: threshold.detection?.hits ?? 0,
      milliseconds: outcome.milliseconds,
    })),
    createRandomSource(request.seed, 'try').stream('bootstrap'),
  )
  const tried = fits.map((fit, index): TriedAlgorithm => ({ ...fit, auroc: comparison.aurocs[index] ?? null }))
  const recommended = tried[comparison.recommended]
  if (recommended === undefined) throw new RangeError('one of the methods is recommended')
  await recommended.fitted.save()
  const { threshold, outcome } = recommended.fitted
  const good = outcome.good.flatMap((score, index) => (score === null ? [] : [{ id: request.prepared.good[index]?.facts.id ?? '', score }]))
  const outlier = adviseOutlier({ threshold, good, bad: outcome.bad })
  return {
    tried,
    recommended,
    comparison,
    threshold,
    costAdvice: adviseCosts(request, recommended),
    outlier,
    more: adviseMore(threshold),
    left,
    close,
  }
}

function fitOne(request: TryRequest, chosen: ChosenAlgorithm, index: number, count: number): Promise<FittedAlgorithm> {
  const { prepared, goal, budget, seed, threads, folder, isolation, listener, textures = null } = request
  return fitAlgorithm({
    prepared,
    chosen,
    goal,
    budget,
    seed,
    ...(threads === undefined ? {} : { threads }),
    textures,
    folder,
    keepGoodMaps: SHOWN_GOOD,
    isolation,
    listener: {
      ...listener,
      onProgress: ({ fraction, stage }) =>
        listener.onProgress({ fraction: (index + fraction) / count, stage: `${chosen.plugin.id}, ${stage}` }),
    },
  })
}

/** One fit where good pictures are held out by a split; else one per fold, and one on everything. */
function workOf({ good, bad, holdOut }: PreparedPictures): TrialWork {
  const { kind, folds } = holdOut
  return { fits: kind === 'split' ? 1 : folds + 1, train: good.length, test: good.length + bad.length }
}

/** Bad pictures are dealt to the folds in turn, good ones are in the folds that held them out, so that no picture judges a threshold it helped to choose. */
function adviseCosts({ prepared, costs }: TryRequest, { fitted: { outcome } }: TriedAlgorithm): CostAdvice | null {
  if (costs === null || outcome.bad.length === 0) return null
  const folds = Math.max(2, prepared.holdOut.folds)
  const good = outcome.good.flatMap((score, index) => {
    const fold = prepared.holdOut.kind === 'split' ? (prepared.parts.groupOf[index] ?? 0) % folds : (prepared.holdOut.foldOf[index] ?? 0)
    return score === null ? [] : [{ score, fold }]
  })
  const bad = outcome.bad.map((score, index) => ({ score, fold: index % folds }))
  const chosen = costOptimalThreshold(
    good.map(({ score }) => score),
    outcome.bad,
    costs,
  )
  return { ...chosen, costs, crossFitted: crossFittedCost(good, bad, costs) }
}
