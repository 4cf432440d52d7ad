import type { RandomStream } from '@im-iad/core'
import { rotateImage, type PixelImage } from '@im-iad/images'
import { changeBrightness, changeHueAndSaturation, type BrightnessChange } from './color-changes.ts'
import { applyTables, autocontrastTables, equalizeTables, tableOf } from './lookup-tables.ts'
import { sharpen } from './sharpen.ts'

/** A change of a texture with everything that was drawn for it. */
export type TextureAugmentation =
  | { readonly kind: 'gamma'; readonly exponents: readonly number[] }
  | ({ readonly kind: 'brightness' } & BrightnessChange)
  | { readonly kind: 'sharpness'; readonly factor: number }
  /** Hue in 180ths of a circle, saturation in levels of 255. */
  | { readonly kind: 'hue-saturation'; readonly hue: number; readonly saturation: number }
  /** `null`: left as it is, which is drawn in half of the cases. */
  | { readonly kind: 'solarize'; readonly threshold: number | null }
  | { readonly kind: 'posterize'; readonly bits: number }
  | { readonly kind: 'invert' }
  /** Per cent that are cut off at either end. */
  | { readonly kind: 'autocontrast'; readonly cutoff: number }
  | { readonly kind: 'equalize' }
  | { readonly kind: 'rotate'; readonly degrees: number }

type Drawing = (random: RandomStream) => TextureAugmentation

const between = (random: RandomStream, from: number, to: number): number => from + (to - from) * random.uniform()
/** Both ends included. */
const integer = (random: RandomStream, from: number, to: number): number => from + random.integer(to - from + 1)

/** The ten of the authors' code, with its ranges. */
const DRAWINGS: readonly Drawing[] = [
  (random) => ({ kind: 'gamma', exponents: [0, 1, 2].map(() => between(random, 0.5, 2)) }),
  (random) => ({
    kind: 'brightness',
    // Six spaces there: YCrCb and YUV have one luma, and Luv's lightness is Lab's.
    space: (['luma', 'hsv', 'hls', 'lab', 'lab', 'luma'] as const)[random.integer(6)],
    factor: between(random, 0.8, 1.2),
    offset: integer(random, -30, 30),
    order: random.integer(2) === 0 ? 'multiply-first' : 'add-first',
  }),
  (random) => ({ kind: 'sharpness', factor: between(random, 0, 2) }),
  (random) => ({
    kind: 'hue-saturation',
    hue: Math.trunc((integer(random, -50, 50) * 180) / 255),
    saturation: integer(random, -50, 50),
  }),
  (random) => ({ kind: 'solarize', threshold: random.uniform() < 0.5 ? integer(random, 32, 128) : null }),
  (random) => ({ kind: 'posterize', bits: integer(random, 1, 8) }),
  () => ({ kind: 'invert' }),
  (random) => ({ kind: 'autocontrast', cutoff: integer(random, 0, 20) }),
  () => ({ kind: 'equalize' }),
  (random) => ({ kind: 'rotate', degrees: between(random, -45, 45) }),
]

/** How many of them a texture goes through. */
const CHANGES = 3

/** Three different ones, in the order in which they are drawn. */
export function drawAugmentations(random: RandomStream): readonly TextureAugmentation[] {
  return random.sample(DRAWINGS.length, CHANGES).map((index) => DRAWINGS[index](random))
}

/** The picture changed; the given one stays as it is. */
export function augmentTexture(texture: PixelImage, augmentation: TextureAugmentation): PixelImage {
  switch (augmentation.kind) {
    case 'gamma':
      return applyTables(
        texture,
        augmentation.exponents.map((exponent) => tableOf((value) => 255 * (value / 255) ** exponent)),
      )
    case 'brightness':
      return changeBrightness(texture, augmentation)
    case 'sharpness':
      return sharpen(texture, augmentation.factor)
    case 'hue-saturation':
      return changeHueAndSaturation(texture, augmentation)
    case 'solarize': {
      const { threshold } = augmentation
      return threshold === null ? texture : applyTables(texture, [tableOf((value) => (value >= threshold ? 255 - value : value))])
    }
    case 'posterize': {
      const kept = 256 - 2 ** (8 - augmentation.bits)
      return applyTables(texture, [tableOf((value) => value & kept)])
    }
    case 'invert':
      return applyTables(texture, [tableOf((value) => 255 - value)])
    case 'autocontrast':
      return applyTables(texture, autocontrastTables(texture, augmentation.cutoff))
    case 'equalize':
      return applyTables(texture, equalizeTables(texture))
    case 'rotate':
      return rotateImage(texture, augmentation.degrees)
  }
}
