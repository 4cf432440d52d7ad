import type { RandomStream } from '@im-iad/core'
import { latticePoints, type NoiseGrid } from '@im-iad/images'
import { drawAugmentations, type TextureAugmentation } from './texture-augmentation.ts'

/** Where a texture comes from: one of the user's files, or a formula with this seed. */
export type TextureRecipe = { readonly kind: 'file'; readonly index: number } | { readonly kind: 'procedural'; readonly seed: number }

/** Everything that was drawn for the damage of one picture: plain data, so that it can be handed to another thread. */
export interface DamageRecipe {
  readonly texture: TextureRecipe
  readonly augmentations: readonly TextureAugmentation[]
  readonly grid: NoiseGrid
  /** Of the noise's gradients, in turns, row by row. */
  readonly directions: Float64Array
  /** By how many degrees the noise is turned. */
  readonly turn: number
  /** Weight of the texture where the mask is, in (0.2, 1]. */
  readonly opacity: number
}

/** Everything that was drawn for one training picture. */
export interface PictureRecipe {
  /** Which picture. */
  readonly picture: number
  /** By how many degrees it is turned; 0 leaves it alone. */
  readonly turn: number
  /** `null`: it stays clean. */
  readonly damage: DamageRecipe | null
}

export interface RecipeRequest {
  /** Pictures that are drawn from, with replacement. */
  readonly pictures: number
  /** Files of textures; with none they are made by formula. */
  readonly textureFiles: number
}

/** How often a picture is turned, and how often damaged. */
const TURNED = 0.3
const DAMAGED = 0.5
/** The finest noise has 2 to this power of cells along an axis. */
const FINEST = 5

/**
 * Draws one training picture, as in the authors' code: a picture with replacement, turned in 3 of 10 cases; in half of the cases damaged by an unrelated texture within a mask of Perlin noise.
 * What decides comes before what it decides on: no number is drawn for a picture that stays clean.
 */
export function drawRecipe(random: RandomStream, { pictures, textureFiles }: RecipeRequest): PictureRecipe {
  const picture = random.integer(pictures)
  const turn = random.uniform() < TURNED ? within(random, -90, 90) : 0
  return { picture, turn, damage: random.uniform() < DAMAGED ? drawDamage(random, textureFiles) : null }
}

function drawDamage(random: RandomStream, textureFiles: number): DamageRecipe {
  const texture: TextureRecipe =
    textureFiles > 0 ? { kind: 'file', index: random.integer(textureFiles) } : { kind: 'procedural', seed: random.integer(2 ** 31) }
  const augmentations = drawAugmentations(random)
  const grid = { rows: 2 ** random.integer(FINEST + 1), columns: 2 ** random.integer(FINEST + 1) }
  const directions = Float64Array.from({ length: latticePoints(grid) }, () => random.uniform())
  return { texture, augmentations, grid, directions, turn: within(random, -90, 90), opacity: 1 - 0.8 * random.uniform() }
}

export function within(random: RandomStream, from: number, to: number): number {
  return from + (to - from) * random.uniform()
}
