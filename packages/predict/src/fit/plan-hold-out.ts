import type { RandomStream } from '@im-iad/core'
import { requiredGoodPictures, type FalseRejectGoal } from '@im-iad/thresholds'
import type { PartGroups } from './near-duplicates.ts'

/** Which good pictures judge which model. */
export interface HoldOut {
  /**
   * `split`: the model never sees fold 0, which judges it; the promise of the threshold is exact. `cross-fitting`: every fold is scored by a model that was fitted on the others,
   * and the final model is fitted on all.
   */
  readonly kind: 'split' | 'cross-fitting'
  /** Per good picture; with `split`, -1 is trained on. */
  readonly foldOf: readonly number[]
  readonly folds: number
}

/** Parts of a cross-fit: each model sees four fifths, near what the final one sees. */
const FOLDS = 5

/**
 * Splits where enough parts are there for both sides: as many held out as the goal needs, and at least as many to learn from. Else cross-fits: with few pictures a split would leave too little for the
 * model and too little for the threshold. Whole parts are drawn, so that near-duplicates stand on one side.
 */
export function planHoldOut({ groupOf, groups }: PartGroups, goal: FalseRejectGoal, random: RandomStream): HoldOut {
  const order = random.shuffle(Array.from({ length: groups }, (_, group) => group))
  const required = requiredGoodPictures(goal)
  if (groups >= 2 * required) {
    const heldOut = new Set(order.slice(0, Math.max(required, Math.round(groups * 0.3))))
    return { kind: 'split', folds: 1, foldOf: groupOf.map((group) => (heldOut.has(group) ? 0 : -1)) }
  }
  const folds = Math.min(FOLDS, groups)
  const foldOfGroup = dealEvenly(order, groupOf, folds)
  return { kind: 'cross-fitting', folds, foldOf: groupOf.map((group) => foldOfGroup.get(group) ?? 0) }
}

/** Largest groups first, each to the fold with the fewest pictures, so that folds come out even. */
function dealEvenly(order: readonly number[], groupOf: readonly number[], folds: number): ReadonlyMap<number, number> {
  const sizes = new Map<number, number>()
  for (const group of groupOf) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  const filled = Array.from({ length: folds }, () => 0)
  const foldOf = new Map<number, number>()
  for (const group of order.toSorted((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0))) {
    const fold = filled.indexOf(Math.min(...filled))
    foldOf.set(group, fold)
    filled[fold] = (filled[fold] ?? 0) + (sizes.get(group) ?? 0)
  }
  return foldOf
}
