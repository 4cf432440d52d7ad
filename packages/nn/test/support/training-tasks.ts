import type { NamedTensor } from '@im-iad/weights'
import { affineGrid, gridSample } from '@im-iad/tfjs-onnxruntime'
import type { Scalar, Tensor, Tensor3D, Tensor4D, Variable } from '@tensorflow/tfjs-core'
import {
  createOptimizer,
  createResidualNetwork,
  IMAGENET_NORMALIZATION,
  residualParameters,
  type Optimizer,
  type ResidualArchitecture,
  type TensorEngine,
} from '../../src/index.ts'
import { formulaValue, seedOf, uniform } from './formula-weights.ts'

/** A training of twenty steps: what fixtures/make_training_reference.py does in PyTorch. */
export interface TrainingTask {
  readonly optimizer: Optimizer
  readonly statistics: ReadonlyMap<string, Variable>
  readonly batch: (step: number) => Readonly<Record<string, NamedTensor>>
  readonly loss: (batch: Readonly<Record<string, Tensor>>) => Scalar
}

export const TASKS = { residual, flow, transformer } as const

const SMALL: ResidualArchitecture = {
  id: 'small',
  block: 'basic',
  blocks: [1, 1, 1, 1],
  width: 8,
  innerWidth: 1,
  normalization: IMAGENET_NORMALIZATION,
}

/** A small residual network in training mode that learns to give constant features. */
function residual(tf: TensorEngine): TrainingTask {
  const weights = new Map(residualParameters(SMALL, 'layer3').map(({ name, shape }) => [name, formulaValue(name, shape)]))
  const network = createResidualNetwork(tf, { architecture: SMALL, through: 'layer3', weights, use: 'trainable' })
  return {
    optimizer: createOptimizer(tf, [{ variables: network.variables, settings: { kind: 'adam', learningRate: 1e-3 } }]),
    statistics: network.parameters.statistics,
    batch: (step) => ({ images: numbers([8, 32, 32, 3], 1000 + step, 4) }),
    loss: ({ images }) =>
      tf.addN(network.forward(images as Tensor4D, 'training').map((level) => tf.mean<Scalar>(tf.square(tf.sub(level, 0.5))))),
  }
}

/** Affine couplings in two dimensions, as FastFlow has them: four steps over 8 channels. */
function flow(tf: TensorEngine): TrainingTask {
  const filters = new Map<string, Variable>()
  for (let step = 0; step < 4; step++) {
    filters.set(`${step}.first`, filter(tf, `${step}.first`, 4, 16, 3))
    filters.set(`${step}.second`, filter(tf, `${step}.second`, 16, 8, 3))
  }
  const convolve = (values: Tensor4D, name: string): Tensor4D => tf.conv2d(values, requireVariable(filters, name) as Tensor4D, 1, 1)
  return {
    optimizer: createOptimizer(tf, [{ variables: filters, settings: { kind: 'adam', learningRate: 1e-3, weightDecay: 1e-5 } }]),
    statistics: new Map(),
    batch: (step) => ({ features: numbers([4, 6, 6, 8], 2000 + step, 3) }),
    loss: ({ features }) => {
      const centred = tf.sub(features, tf.mean(features, 3, true))
      let values = tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), 3, true), 1e-5))) as Tensor4D
      let determinant: Tensor = tf.zeros([4])
      for (let step = 0; step < 4; step++) {
        const [left, right] = tf.split<Tensor4D>(values, 2, 3)
        const [free, shift] = tf.split(convolve(tf.relu(convolve(left, `${step}.first`)), `${step}.second`), 2, 3)
        const scale = tf.mul(tf.tanh(free), 1.9)
        determinant = tf.add(determinant, tf.sum(scale, [1, 2, 3]))
        values = tf.concat4d([tf.add(tf.mul(right, tf.exp(scale)), shift), left], 3)
      }
      return tf.mean<Scalar>(tf.sub(tf.mul(tf.sum(tf.square(values), [1, 2, 3]), 0.5), determinant))
    },
  }
}

/** A spatial transformer that learns to move pictures. */
function transformer(tf: TensorEngine): TrainingTask {
  const variables = new Map([
    ['first', filter(tf, 'first', 1, 6, 5)],
    ['second', filter(tf, 'second', 6, 6, 3)],
    ['bias', tf.variable(tf.tensor1d([0.93, 0.05, 0.03, -0.04, 0.95, 0.02]))],
  ])
  const variable = (name: string): Tensor4D => requireVariable(variables, name) as Tensor4D
  return {
    optimizer: createOptimizer(tf, [{ variables, settings: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 } }]),
    statistics: new Map(),
    batch: (step) => ({ images: numbers([4, 12, 12, 1], 3000 + step, 2) }),
    loss: (batch) => {
      const images = batch['images'] as Tensor4D
      const target = tf.concat([tf.slice(images, [0, 0, 11, 0], [4, 12, 1, 1]), tf.slice(images, [0, 0, 0, 0], [4, 12, 11, 1])], 2)
      const hidden = tf.relu(tf.conv2d(images, variable('first'), 2, 2))
      const theta = tf.add(tf.mean(tf.conv2d(hidden, variable('second'), 1, 1), [1, 2]), variable('bias'))
      const grid = affineGrid(tf.reshape(theta, [4, 2, 3]) as Tensor3D, [12, 12])
      return tf.mean<Scalar>(tf.square(tf.sub(gridSample(images, grid), target)))
    },
  }
}

/** PyTorch's layout there, TensorFlow.js's here. */
function filter(tf: TensorEngine, name: string, inputs: number, outputs: number, kernel: number): Variable {
  const scale = Math.sqrt((12 * 2) / (outputs * kernel * kernel)) * 0.3
  const values = tf.tensor4d(uniform(outputs * inputs * kernel * kernel, seedOf(name), scale), [outputs, inputs, kernel, kernel])
  return tf.variable(tf.transpose(values, [2, 3, 1, 0]))
}

function numbers(shape: readonly number[], seed: number, scale: number): NamedTensor {
  return {
    shape,
    data: uniform(
      shape.reduce((product, size) => product * size, 1),
      seed,
      scale,
    ),
  }
}

function requireVariable(variables: ReadonlyMap<string, Variable>, name: string): Variable {
  const variable = variables.get(name)
  if (variable === undefined) throw new RangeError(`no variable "${name}"`)
  return variable
}
