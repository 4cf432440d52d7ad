import type { NamedTensor } from '@im-iad/weights'
import type { TensorEngine } from '../engines/engine-request.ts'
import { foldedParameters, foldNormalization } from '../layers/normalized-convolution.ts'
import { checkParameters, createParameters, type ParameterSet } from '../parameters/parameter-set.ts'
import type { NetworkWeights } from './feature-network.ts'
import { layerParameters, type ParameterLayer } from './parameter-layers.ts'

/**
 * Puts a network's weights into the engine as they are used.
 * @throws ImIadError IM_IAD_E_PARAMETER when a parameter is missing or has another shape
 */
export function createNetworkParameters(
  tf: TensorEngine,
  layers: readonly ParameterLayer[],
  { weights, use }: NetworkWeights,
  epsilon: number,
): ParameterSet {
  const definitions = layerParameters(layers)
  if (use !== 'folded') return createParameters(tf, definitions, weights, use)
  checkParameters(definitions, weights)
  const folded = new Map<string, NamedTensor>(weights)
  for (const layer of layers)
    if (!('plain' in layer)) for (const [name, value] of foldNormalization(layer, weights, epsilon)) folded.set(name, value)
  const left = layers.flatMap((layer) => ('plain' in layer ? layer.plain : foldedParameters(layer)))
  return createParameters(tf, left, folded, 'frozen')
}
