import { perlinNoise, resample, rotateImage, rotatePlane, toRgb, type PixelImage } from '@im-iad/images'
import { proceduralTexture } from './procedural-texture.ts'
import type { DamageRecipe, PictureRecipe } from './recipe.ts'
import { augmentTexture } from './texture-augmentation.ts'
import { colorStrength, limitColor } from './texture-color.ts'

/** A picture to damage. */
export interface SynthesisItem {
  /** uint8 RGB `[height, width, 3]`. */
  readonly pixels: Uint8Array
  readonly recipe: PictureRecipe
  /** The decoded file, in its own size, where the recipe names one. */
  readonly texture: PixelImage | null
}

/** Whether textures keep their colours, or are at most as colourful as the picture that they damage. */
export type TextureColor = 'own' | 'as-picture'

/** A batch to make, plain data. */
export interface SynthesisJob {
  readonly height: number
  readonly width: number
  readonly items: readonly SynthesisItem[]
  readonly textureColor: TextureColor
}

/** A training batch; float32, 0…1. */
export interface SynthesizedBatch {
  /** What is to be restored, `[count, height, width, 3]`. */
  readonly clean: Float32Array
  /** What is seen, `[count, height, width, 3]`. */
  readonly damaged: Float32Array
  /** 1 where it was damaged, `[count, height, width, 1]`. */
  readonly mask: Float32Array
}

/** Where the noise is above this, a picture is damaged. */
const MASK_THRESHOLD = 0.5

/** Damages pictures by their recipes (Zavrtanik et al., "DRÆM", section 3.3). A function of its argument alone. */
export function synthesize({ height, width, items, textureColor }: SynthesisJob): SynthesizedBatch {
  const pixels = height * width
  const clean = new Float32Array(items.length * pixels * 3)
  const mask = new Float32Array(items.length * pixels)
  for (const [index, { pixels: data, recipe }] of items.entries()) {
    const picture = { height, width, channels: 3, data } as const
    const turned = recipe.turn === 0 ? data : rotateImage(picture, recipe.turn).data
    for (let place = 0; place < turned.length; place++) clean[index * pixels * 3 + place] = turned[place] / 255
  }
  const damaged = Float32Array.from(clean)
  for (const [index, { pixels: data, recipe, texture }] of items.entries()) {
    if (recipe.damage === null) continue
    const own = mask.subarray(index * pixels, (index + 1) * pixels)
    if (!fillMask(own, recipe.damage, { height, width })) continue
    const prepared = prepareTexture(recipe.damage, texture, { height, width })
    const overlay = textureColor === 'own' ? prepared : limitColor(prepared, colorStrength(data))
    blend(damaged.subarray(index * pixels * 3, (index + 1) * pixels * 3), own, overlay.data, recipe.damage.opacity)
  }
  return { clean, damaged, mask }
}

interface Size {
  readonly height: number
  readonly width: number
}

/** @returns whether anything is in the mask; coarse noise often stays below the threshold */
function fillMask(mask: Float32Array, { grid, directions, turn }: DamageRecipe, size: Size): boolean {
  const noise = rotatePlane({ ...size, data: perlinNoise(size, grid, directions) }, turn)
  let any = false
  for (let place = 0; place < mask.length; place++) {
    if (noise[place] <= MASK_THRESHOLD) continue
    mask[place] = 1
    any = true
  }
  return any
}

/** Brought to the picture's size and changed. */
function prepareTexture({ texture, augmentations }: DamageRecipe, file: PixelImage | null, size: Size): PixelImage {
  const source = texture.kind === 'file' ? fitFile(file, size) : proceduralTexture(texture.seed, size)
  return augmentations.reduce(augmentTexture, source)
}

function fitFile(file: PixelImage | null, size: Size): PixelImage {
  if (file === null) throw new RangeError('a recipe that names a file comes with the decoded file')
  return toRgb(resample(file, { ...size, filter: 'bilinear' }))
}

function blend(damaged: Float32Array, mask: Float32Array, texture: Uint8Array, opacity: number): void {
  for (let place = 0; place < mask.length; place++) {
    if (mask[place] === 0) continue
    for (let value = place * 3; value < place * 3 + 3; value++)
      damaged[value] = (1 - opacity) * damaged[value] + opacity * (texture[value] / 255)
  }
}
