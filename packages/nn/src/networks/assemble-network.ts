import { repeatable } from '@im-iad/tfjs-onnxruntime'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { NetworkMode } from '../layers/batch-normalize.ts'
import type { ParameterSet } from '../parameters/parameter-set.ts'
import type { FeatureNetwork, NetworkLevel, NetworkWeights } from './feature-network.ts'

/** What a network is made of. */
export interface NetworkParts<Name extends string> {
  readonly layers: readonly NetworkLevel<Name>[]
  readonly parameters: ParameterSet
  readonly use: NetworkWeights['use']
  readonly features: FeatureNetwork['forward']
}

/** A network of its parts. Weights that never change let its inference be written down once for each shape of pictures. */
export function assembleNetwork<Name extends string>({ layers, parameters, use, features }: NetworkParts<Name>): FeatureNetwork<Name> {
  const inferred = repeatable((images: Tensor4D) => features(images, 'inference'))
  const isRepeated = (mode: NetworkMode): boolean => use !== 'trainable' && mode === 'inference'
  return {
    levels: layers.map(({ name, channels, stride }) => ({ name, channels, stride })),
    variables: parameters.trained,
    parameters,
    forward: (images, mode) => (isRepeated(mode) ? inferred(images) : features(images, mode)),
    dispose() {
      inferred.forget()
      parameters.dispose()
    },
  }
}
