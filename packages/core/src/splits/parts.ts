import type { SampleFacts } from '../contracts/paradigm.ts'

/** What two samples of one category share when they show the same physical part: the picture itself, under whatever name, or the group. */
export function partKeys({ sha256, group }: SampleFacts): readonly string[] {
  return [`picture ${sha256}`, ...(group === undefined ? [] : [`group ${group}`])]
}

/**
 * Samples of one category by the physical part that they show: of one group, or the same picture under several names, and whatever hangs together by these.
 * Parts are in the order of their first sample.
 */
export function groupByPart(samples: readonly SampleFacts[]): readonly (readonly SampleFacts[])[] {
  const parts = new Map<string, SampleFacts[]>()
  for (const sample of samples) {
    const known = [...new Set(partKeys(sample).flatMap((key) => parts.get(key) ?? []))].concat(sample)
    for (const member of known) for (const key of partKeys(member)) parts.set(key, known)
  }
  return [...new Set(parts.values())]
}
