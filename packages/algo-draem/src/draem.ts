import type { AlgorithmContext, AlgorithmInstance } from '@im-iad/core'
import { createOptimizer, createTrainedModel, openTensorEngine } from '@im-iad/nn'
import { createNetworks, networkVariables } from './networks.ts'
import type { DraemParameters } from './parameters.ts'
import { predictMaps } from './predict-maps.ts'
import { openTextureFolder, type TextureFolder } from './synthesis/texture-folder.ts'
import { traceDraem } from './trace/trace-draem.ts'
import { trainDraem } from './train-draem.ts'

export async function createDraem(parameters: DraemParameters, context: AlgorithmContext): Promise<AlgorithmInstance> {
  const tf = await openTensorEngine({ threads: context.threads })
  const networks = createNetworks(tf, parameters, context.random.stream('init'))
  const settings = { kind: 'adam', learningRate: parameters.learningRate } as const
  const optimizer = createOptimizer(tf, [{ variables: networkVariables(networks), settings }])
  const { parameters: restorer } = networks.restorer
  const { parameters: segmenter } = networks.segmenter
  const file = 'draem.safetensors'
  const { fitBy, whenFitted, ...life } = createTrainedModel({ method: 'DRAEM', file, tf, networks: { restorer, segmenter }, optimizer })
  let textures: { readonly folder: TextureFolder | null } | null = null
  return {
    ...life,
    /** A further task goes on with both networks, their running statistics and the optimiser's moments (open-iad), and a schedule that starts anew: it forgets. */
    fit: fitBy(async (request) => {
      textures ??= { folder: await openTextures(context, request.signal) }
      await trainDraem(request, { tf, parameters, random: context.random, networks, optimizer, textures: textures.folder })
    }),
    predict: whenFitted((batch) => predictMaps(batch, { tf, networks, parameters, context })),
    trace: whenFitted(async (graph, frames) =>
      traceDraem(graph, { frames, parameters, restorer: await restorer.read(), segmenter: await segmenter.read() }),
    ),
  }
}

/** `null` where no folder was named. */
async function openTextures({ textureDirectory, log }: AlgorithmContext, signal: AbortSignal): Promise<TextureFolder | null> {
  if (textureDirectory === null) {
    log('textures: made by formula; no folder was named')
    return null
  }
  const textures = await openTextureFolder(textureDirectory, signal)
  log(`textures: ${textures.count} pictures, SHA-256 ${textures.fingerprint}`)
  return textures
}
