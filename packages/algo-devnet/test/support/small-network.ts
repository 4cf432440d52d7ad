import { RESNET18, createResidualNetwork, residualParameters, type ResidualArchitecture, type TensorEngine } from '@im-iad/nn'
import type { FeatureLevel } from '@im-iad/core'
import { formulaValue } from '../../../nn/test/support/formula-weights.ts'
import type { FeatureNetwork } from '../../src/body.ts'

/** The backbone of fixtures/make_reference.py. */
const SMALL: ResidualArchitecture = { ...RESNET18, id: 'small', blocks: [1, 1, 1, 1], width: 8 }

export const LAYER4: FeatureLevel = { name: 'layer4', channels: 64, stride: 32 }

/** A residual network with weights by formula; pictures go in as they are. */
export function smallNetwork(tf: TensorEngine): FeatureNetwork {
  const weights = new Map(residualParameters(SMALL, 'layer4').map(({ name, shape }) => [name, formulaValue(name, shape)]))
  const network = createResidualNetwork(tf, { architecture: SMALL, through: 'layer4', weights, use: 'trainable' })
  return {
    levels: network.levels,
    normalization: { mean: [0, 0, 0], std: [1, 1, 1] },
    variables: network.variables,
    statistics: network.parameters.statistics,
    forward: (images, mode) => network.forward(images, mode),
    read: () => network.parameters.read(),
    write: (values) => network.parameters.write(values),
    dispose: () => network.dispose(),
  }
}
