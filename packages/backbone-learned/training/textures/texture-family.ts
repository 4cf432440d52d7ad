import type { RandomStream } from '@im-iad/core'
import type { Field } from '../scenes/field.ts'

/** A kind of surface. */
export interface TextureFamily {
  readonly id: string
  /** What the pattern is made of, in one word: no category of the synthetic dataset shares it. */
  readonly motif: string
  /** Paints one of them: brightness 0…1, every parameter drawn. */
  paint(size: number, random: RandomStream): Field
}
