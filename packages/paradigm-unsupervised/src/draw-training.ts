import type { RandomStream, SampleFacts } from '@im-iad/core'
import type { UnsupervisedParameters } from './parameters.ts'
import type { Split } from './plan-unsupervised.ts'

/** Draws the training images where the publisher gives no split; everything else is tested. */
export function drawTraining(
  samples: readonly SampleFacts[],
  { split, trainFraction }: UnsupervisedParameters,
  random: RandomStream,
): Split {
  const parts = groupByPart(samples)
  const normal = samples.filter((sample) => sample.label === 'normal')
  const wanted = Math.max(1, Math.round(normal.length * trainFraction))
  const chosen = split === 'image' ? random.shuffle(normal).slice(0, wanted) : drawParts(parts, wanted, random)
  const train = new Set(chosen.map((sample) => sample.id))
  const test = samples.filter((sample) => !train.has(sample.id))
  return {
    train: samples.filter((sample) => train.has(sample.id)),
    test,
    leaky: split === 'image' ? describeLeak(parts, train) : null,
    notes: [],
  }
}

/** Samples that show the same physical part: of one group, or the same picture under several names. Sorted as the samples are. */
function groupByPart(samples: readonly SampleFacts[]): readonly (readonly SampleFacts[])[] {
  const parts = new Map<string, SampleFacts[]>()
  for (const sample of samples) {
    const keys = [`picture ${sample.sha256}`, ...(sample.group === undefined ? [] : [`group ${sample.group}`])]
    const known = [...new Set(keys.flatMap((key) => parts.get(key) ?? []))].concat(sample)
    for (const member of known)
      for (const key of [`picture ${member.sha256}`, ...(member.group === undefined ? [] : [`group ${member.group}`])])
        parts.set(key, known)
  }
  return [...new Set(parts.values())]
}

/**
 * Whole parts in random order as long as each brings the number of images nearer to what is wanted. A part that also shows defects is never trained on: its defects
 * are tested, and a part stands on one side.
 */
function drawParts(parts: readonly (readonly SampleFacts[])[], wanted: number, random: RandomStream): readonly SampleFacts[] {
  const eligible = parts.filter((part) => part.every((sample) => sample.label === 'normal'))
  const chosen: SampleFacts[] = []
  for (const part of random.shuffle(eligible)) {
    const nearer = Math.abs(chosen.length + part.length - wanted) < Math.abs(chosen.length - wanted)
    if (nearer || chosen.length === 0) chosen.push(...part)
  }
  return chosen
}

/** What a split by single images shares between its sides, or `null`. */
function describeLeak(parts: readonly (readonly SampleFacts[])[], train: ReadonlySet<string>): string | null {
  const torn = parts.filter((part) => part.some((sample) => train.has(sample.id)))
  const shared = torn.flatMap((part) => part.filter((sample) => sample.label === 'normal' && !train.has(sample.id)))
  const tested = parts.flat().filter((sample) => sample.label === 'normal' && !train.has(sample.id))
  if (torn.every((part) => part.every((sample) => train.has(sample.id)))) return null
  return `split by single images: ${shared.length} of ${tested.length} normal test images show a physical part that is trained on`
}
