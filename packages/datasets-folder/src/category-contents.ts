import type { Sample } from '@im-iad/core'

/** What a layout was found to hold. */
export interface CategoryContents {
  /** With ids that may still collide where only the extensions differ. */
  readonly samples: readonly FolderSample[]
  readonly warnings: readonly string[]
  /** Files that are no pictures. */
  readonly skipped: readonly string[]
}

/** A sample and the path that its id is made of: from the data root, with `/`. */
export interface FolderSample {
  readonly path: string
  readonly sample: Omit<Sample, 'id'>
}

export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}
