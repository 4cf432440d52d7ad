import { createRandomSource } from '@im-iad/core'
import type { FingerprintedSample } from '@im-iad/core/machinery'
import type { FalseRejectGoal } from '@im-iad/thresholds'
import { tooFewGood } from '../errors.ts'
import { lookAtPictures } from './look-at-pictures.ts'
import { groupNearDuplicates, type PartGroups } from './near-duplicates.ts'
import type { PictureSet } from './open-pictures.ts'
import { planHoldOut, type HoldOut } from './plan-hold-out.ts'

/** Pictures that can be read, which of them show one part, and who is judged by whom. */
export interface PreparedPictures {
  readonly set: PictureSet
  readonly good: readonly FingerprintedSample[]
  readonly bad: readonly FingerprintedSample[]
  /** Of the good ones. */
  readonly parts: PartGroups
  readonly holdOut: HoldOut
  /** Files that were left out, and why; a sentence each. */
  readonly unreadable: readonly string[]
}

export interface PrepareOptions {
  readonly goal: FalseRejectGoal
  readonly seed: number
  readonly onProgress: (fraction: number) => void
  readonly signal: AbortSignal
}

/** @throws ImIadError IM_IAD_E_NO_TRAINING when there are fewer than two different good pictures */
export async function preparePictures(set: PictureSet, { goal, seed, onProgress, signal }: PrepareOptions): Promise<PreparedPictures> {
  const total = set.good.length + set.bad.length
  let looked = 0
  const onSeen = (): void => onProgress(++looked / total)
  const good = await lookAtPictures(set.good, onSeen, signal)
  const bad = await lookAtPictures(set.bad, onSeen, signal)
  const parts = groupNearDuplicates(
    good.readable.map(({ picture: { facts }, thumbnail }) => ({
      thumbnail,
      keys: [`picture ${facts.sha256}`, ...(facts.group === undefined ? [] : [`group ${facts.group}`])],
    })),
  )
  if (parts.groups < 2) throw tooFewGood(parts.groups, good.unreadable.length)
  return {
    set,
    good: good.readable.map(({ picture }) => picture),
    bad: bad.readable.map(({ picture }) => picture),
    parts,
    holdOut: planHoldOut(parts, goal, createRandomSource(seed, 'fit').stream('hold-out')),
    unreadable: [...good.unreadable, ...bad.unreadable],
  }
}
