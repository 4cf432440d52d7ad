import { basename } from 'node:path'
import type { Sample } from '@im-iad/core'
import type { ClassFolder } from './layout.ts'

/** One class as it stands on disk. */
export interface ClassContents {
  readonly folder: ClassFolder
  readonly samples: readonly Sample[]
}

/** How many names a sentence lists. */
const NAMED = 3

/** What is missing or foreign in one class, a sentence each; empty for a complete one. */
export function classWarnings({ folder, samples }: ClassContents): readonly string[] {
  if (samples.length === 0) return [`${folder.name}/Imgs has no pictures: the publisher's copy has ${folder.count}.`]
  const warnings: string[] = []
  if (samples.length !== folder.count) {
    warnings.push(`Pictures in ${folder.name}/Imgs: ${samples.length}, where the publisher's copy has ${folder.count}.`)
  }
  const unmasked = samples.filter((sample) => sample.label === 'anomalous' && sample.masks.length === 0)
  if (unmasked.length > 0)
    warnings.push(`${folder.name}/Imgs has no mask (.png) for ${listed(unmasked)}: pixel metrics need one for every defect.`)
  const foreign = samples.filter((sample) => sample.group === undefined)
  if (foreign.length > 0) {
    warnings.push(
      `${folder.name}/Imgs holds ${listed(foreign)}, which the publisher's copy does not: nobody knows which tile is shown, so a split may leak.`,
    )
  }
  return warnings
}

function listed(samples: readonly Sample[]): string {
  const names = samples
    .slice(0, NAMED)
    .map((sample) => basename(sample.id))
    .join(', ')
  const rest = samples.length > NAMED ? ` and ${samples.length - NAMED} more` : ''
  return `${samples.length} ${samples.length === 1 ? 'picture' : 'pictures'} (${names}${rest})`
}
