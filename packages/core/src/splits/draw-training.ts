import type { SampleFacts } from '../contracts/paradigm.ts'
import type { RandomStream } from '../contracts/random.ts'
import type { BaseSplit, BaseSplitOptions } from './base-split.ts'
import { groupByPart } from './parts.ts'

/** Draws the training images where the publisher gives no split; everything else is tested. */
export function drawTraining(samples: readonly SampleFacts[], { split, trainFraction }: BaseSplitOptions, random: RandomStream): BaseSplit {
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
