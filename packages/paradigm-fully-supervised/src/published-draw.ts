import type { SampleFacts } from '@im-iad/core'
import { anotherLength, missingListed, unlistedCategory } from './errors.ts'
import { PUBLISHED_LISTS } from './published-lists.ts'
import { typeOf } from './draw-abnormal.ts'

/**
 * The images of the published list, found by category, defect type and the number in the file's name.
 * @throws ImIadError IM_IAD_E_PROTOCOL for a category without a list, another `n`, or images that are not there
 */
export function drawPublished(category: string, candidates: readonly SampleFacts[], n: number): readonly SampleFacts[] {
  const list = PUBLISHED_LISTS[category]
  if (list === undefined) throw unlistedCategory(category, Object.keys(PUBLISHED_LISTS))
  const wanted = Object.entries(list).flatMap(([type, numbers]) => numbers.map((number) => `${type}/${number}`))
  if (wanted.length !== n) throw anotherLength(n, wanted.length)
  const byName = new Map(candidates.map((candidate) => [`${typeOf(candidate)}/${fileNumber(candidate.id)}`, candidate]))
  const missing = wanted.filter((name) => !byName.has(name))
  if (missing.length > 0) throw missingListed(category, missing)
  return wanted.flatMap((name) => byName.get(name) ?? [])
}

/** `broken_large/008` is number 8 of its type; NaN where the name is no number. */
function fileNumber(id: string): number {
  const name = id.split('/').at(-1) ?? ''
  return /^\d+$/.test(name) ? Number(name) : Number.NaN
}
