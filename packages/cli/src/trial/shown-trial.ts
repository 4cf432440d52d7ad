import type { Trial } from '@im-iad/predict'
import type { TryFlags } from '../commands/try.ts'
import type { OpenedFit } from '../fit/open-fit.ts'

/** What is shown of a trial, in whatever form. */
export interface ShownTrial {
  readonly trial: Trial
  readonly opened: OpenedFit
  /** Where it is written. */
  readonly out: string
  readonly seconds: number
  readonly flags: TryFlags
}
