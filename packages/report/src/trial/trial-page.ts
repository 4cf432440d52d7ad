import type { PixelImage } from '@im-iad/images'

/** A method's row. */
export interface TrialMethod {
  readonly name: string
  /** `0.912 (0.85 to 0.96)`, or why there is none. */
  readonly auroc: string
  readonly detection: string
  readonly threshold: string
  readonly millisecondsPerPicture: number
  readonly fitSeconds: number
  readonly recommended: boolean
}

/** A picture to look at; it is read when its figure is made. */
export interface TrialPicture {
  readonly name: string
  readonly score: number
  /** What became of it: `found`, `missed`, `passes`, `false alarm`. */
  readonly verdict: string
  /** Whether that is wrong. */
  readonly isWrong: boolean
  /** The picture, and heat over it (`null` without maps), in any size, both the same. */
  readonly read: () => Promise<{ readonly picture: PixelImage; readonly heat: PixelImage | null }>
}

/** A section of pictures. */
export interface TrialGallery {
  readonly title: string
  /** A sentence below the title; may be empty. */
  readonly about: string
  readonly pictures: readonly TrialPicture[]
}

/** Everything that the page of `im-iad try` shows. */
export interface TrialPage {
  readonly title: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** What it comes to, a sentence each; the first is the headline. */
  readonly verdict: readonly string[]
  /** What a reader has to know, a sentence each. */
  readonly warnings: readonly string[]
  readonly methods: readonly TrialMethod[]
  /** Methods that were not tried and why, a clause each. */
  readonly notTried: readonly string[]
  /** Scores of the recommended method. */
  readonly scores: { readonly good: readonly number[]; readonly bad: readonly number[]; readonly threshold: number }
  readonly galleries: readonly TrialGallery[]
  /** How many more pictures would be needed, a sentence each. */
  readonly more: readonly string[]
}
