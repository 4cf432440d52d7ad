import type { RandomSource, TrainingSamples } from '@im-iad/core'
import type { BatchPosition, TrainingBatch } from '@im-iad/nn'
import { drawRecipe, type PictureRecipe } from './synthesis/recipe.ts'
import type { SynthesisThread } from './synthesis/synthesis-thread.ts'
import type { SynthesisItem, TextureColor } from './synthesis/synthesize.ts'
import type { TextureFolder } from './synthesis/texture-folder.ts'

export interface BatchSource {
  readonly samples: TrainingSamples
  readonly textures: TextureFolder | null
  readonly random: RandomSource
  readonly task: string
  readonly thread: SynthesisThread
  readonly textureColor: TextureColor
}

/**
 * Loads the batch of a step: how many pictures come from the position, which ones and how they are damaged from the step's own stream, so that a training that goes on after a kill sees the same.
 */
export function createBatchLoader({
  samples,
  textures,
  random,
  task,
  thread,
  textureColor,
}: BatchSource): (position: BatchPosition) => Promise<TrainingBatch> {
  const { height, width } = samples
  return async ({ step, indices }) => {
    const stream = random.stream(`damage of ${task}, step ${step}`)
    const recipes = indices.map(() => drawRecipe(stream, { pictures: samples.length, textureFiles: textures?.count ?? 0 }))
    const items = await Promise.all(recipes.map((recipe) => loadItem(recipe, samples, textures)))
    const { clean, damaged, mask } = await thread.synthesize({ height, width, items, textureColor })
    const shape = [indices.length, height, width]
    return {
      clean: { shape: [...shape, 3], data: clean },
      damaged: { shape: [...shape, 3], data: damaged },
      mask: { shape: [...shape, 1], data: mask },
    }
  }
}

async function loadItem(recipe: PictureRecipe, samples: TrainingSamples, textures: TextureFolder | null): Promise<SynthesisItem> {
  const texture = recipe.damage?.texture
  const [{ pixels }, file] = await Promise.all([
    samples.at(recipe.picture),
    texture?.kind === 'file' && textures !== null ? textures.read(texture.index) : null,
  ])
  // A copy of its own memory: it is moved to the other thread.
  return { pixels: Uint8Array.from(pixels), recipe, texture: file }
}
