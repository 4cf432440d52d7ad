import type { PixelImage } from '@im-iad/images'

export type Label = 'normal' | 'anomalous'

/** How a picture reaches the runner. Nothing is read before it is needed. */
export type ImageSource =
  /** A file of a supported format. Its fingerprint is the SHA-256 of its bytes. */
  | { readonly kind: 'file'; readonly path: string }
  /** Encoded bytes from somewhere else, an archive member for one. Its fingerprint is the SHA-256 of these bytes. */
  | { readonly kind: 'encoded'; readonly name: string; readonly read: () => Promise<Uint8Array> }
  /** Pixels made on the spot. `fingerprint` is a string that changes whenever the pixels would; it is hashed in place of bytes. */
  | { readonly kind: 'pixels'; readonly name: string; readonly fingerprint: string; readonly read: () => Promise<PixelImage> }

/** A defect's region. Several masks of one sample are several defects. */
export interface MaskSource {
  /** Grey levels of at least half the maximum are anomalous. Has the picture's own size. */
  readonly image: ImageSource
  /** Pixels (of the picture's own size) of overlap at which the defect counts as wholly found; saturated per-region overlap, Bergmann et al. 2022. */
  readonly saturationArea?: number
}

/** One picture of a dataset, with what its publisher says of it. */
export interface Sample {
  /** Unique in the dataset and the same on every machine: the path without its extension, with `/`. */
  readonly id: string
  readonly category: string
  /** The split as published; `null` where the publisher gives none. */
  readonly split: 'train' | 'validation' | 'test' | null
  readonly label: Label
  /** The defect's name as published, for an anomalous sample. */
  readonly defect?: string
  /** Whether the defect breaks the surface or a rule (MVTec LOCO AD); absent where nobody says. */
  readonly family?: 'structural' | 'logical'
  readonly image: ImageSource
  /** Empty for normal samples, and for anomalous ones where nothing was annotated: then pixel metrics are null with that reason. */
  readonly masks: readonly MaskSource[]
  /** Names the physical part: samples of one group never stand on both sides of a split. */
  readonly group?: string
}
