import type { NamedTensor } from '@im-iad/weights'
import type { Tensor4D, Variable } from '@tensorflow/tfjs-core'
import type { NetworkMode } from '../layers/batch-normalize.ts'
import type { ParameterSet, ParameterUse } from '../parameters/parameter-set.ts'

/** A level of a network's features; structurally core's FeatureLevel. */
export interface NetworkLevel<Name extends string = string> {
  /** As published: `layer2`, `stage3`. */
  readonly name: Name
  readonly channels: number
  /** Input pixels per feature position. */
  readonly stride: number
}

/** A network that gives levels of features, in the engine; structurally a TrainableBackbone of core. */
export interface FeatureNetwork<Name extends string = string> {
  readonly levels: readonly NetworkLevel<Name>[]
  /** What an optimiser changes, by the names of the weights; empty when frozen. */
  readonly variables: ReadonlyMap<string, Variable>
  readonly parameters: ParameterSet
  /**
   * Features of normalised pictures, `[count, height, width, 3]` float32, in the order of `levels`. In training mode batch statistics are used and running ones updated.
   * Call it inside `tf.tidy` or a gradient function.
   */
  forward(images: Tensor4D, mode: NetworkMode): readonly Tensor4D[]
  dispose(): void
}

/** What a network is built from, beside its architecture. */
export interface NetworkWeights {
  /** In PyTorch's layout and names; more of them than the network has are fine (a classifier's last layer). */
  readonly weights: ReadonlyMap<string, NamedTensor>
  /** `folded`: frozen, and batch normalisation is a part of the convolutions. Such a network infers only; its parameters are the folded ones. */
  readonly use: ParameterUse | 'folded'
}
