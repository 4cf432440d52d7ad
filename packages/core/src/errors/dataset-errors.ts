import { ImIadError } from '@im-iad/errors'
import type { DatasetPlugin } from '../contracts/dataset.ts'

export function missingDataRoot(dataset: DatasetPlugin, looked: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_DATA_ROOT',
    what: `cannot find the data of dataset "${dataset.id}"`,
    found: looked.length === 0 ? 'no --data-root and no IM_IAD_DATA' : `looked at ${looked.join(' and ')}`,
    problem: looked.length === 0 ? 'this dataset reads files, and nobody said where they are' : 'no such folder',
    fix: `--data-root DIR. ${dataset.obtain}`,
  })
}

export function unknownCategory(dataset: string, category: string, similar: string | undefined, known: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_CATEGORY',
    what: `dataset "${dataset}" has no category "${category}"`,
    problem: `its categories are ${known.join(', ')}`,
    fix: similar === undefined ? 'name one of them with -c' : `did you mean "${similar}"?`,
  })
}

export function unreadableSample(sample: string, source: string, cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_IMAGE',
    what: `cannot read sample "${sample}"`,
    found: source,
    problem: cause instanceof Error ? cause.message : String(cause),
    fix: 'restore the file from its original, or take it out of the dataset',
    cause,
  })
}

export function changedSample(sample: string, source: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_DATA_CHANGED',
    what: `sample "${sample}" changed while the experiment ran`,
    found: source,
    problem: 'its bytes are not those that were fingerprinted when the run was planned',
    fix: 'stop whatever writes to the data, then start the run again (--retry-failed if you restore what was planned)',
  })
}

/** How many changes are named. */
const NAMED = 5

/** @param changes - what differs, one clause each; empty where that isn't known */
export function changedDataset(dataset: string, changes: readonly string[]): ImIadError {
  const more = changes.length > NAMED ? [`and ${changes.length - NAMED} more`] : []
  return new ImIadError({
    code: 'IM_IAD_E_DATA_CHANGED',
    what: `dataset "${dataset}" changed between plan and run`,
    ...(changes.length === 0 ? {} : { found: [...changes.slice(0, NAMED), ...more].join('\n           ') }),
    problem: 'files were added, removed or edited: the data fingerprint is not the planned one',
    fix: 'stop whatever writes to the data, then start the run again: it plans anew (--retry-failed if you restore what was planned)',
  })
}

export function mismatchedMask(sample: string, source: string, mask: string, picture: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MASK',
    what: `the mask of sample "${sample}" has another size than its picture`,
    found: source,
    problem: `the mask is ${mask}, the picture ${picture} pixels`,
    fix: 'restore the mask from its original, or take the sample out of the dataset',
  })
}
