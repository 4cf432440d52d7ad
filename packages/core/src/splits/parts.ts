import type { SampleFacts } from '../contracts/paradigm.ts'

/** What two samples share when they are the same picture: its bytes, or being copies of one another. */
export function pictureKeys({ sha256, copyOf }: SampleFacts): readonly string[] {
  return [`picture ${sha256}`, ...(copyOf === undefined ? [] : [`copy ${copyOf}`])]
}

/** What two samples of one category share when they show the same physical part: the picture itself, under whatever name and in whatever encoding, or the group. */
export function partKeys(facts: SampleFacts): readonly string[] {
  return [...pictureKeys(facts), ...(facts.group === undefined ? [] : [`group ${facts.group}`])]
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
