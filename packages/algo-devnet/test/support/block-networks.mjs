// The backbones of the conformance test: block means as the kit's stand-in computes them, once more in the tensor engine, and a small layer to train on top of them.
import { blockBackbone } from '@im-iad/testkit'
import {
  batchNormParameters,
  batchNormalize,
  convolutionParameters,
  createParameters,
  heInitialization,
  openTensorEngine,
} from '@im-iad/nn'

const CHANNELS = 6
const STRIDES = [2, 4, 8, 16, 32]
const LEVELS = STRIDES.map((stride) => ({ name: `block${stride}`, channels: CHANNELS, stride }))

export default () => blockBackbone(STRIDES, CHANNELS)

export async function train(_reference, { start, random, strides }) {
  const tf = await openTensorEngine({ threads: 1 })
  const levels = LEVELS.filter(({ stride }) => stride <= Math.max(...strides))
  const definitions =
    start === 'frozen' ? [] : [...convolutionParameters('conv', CHANNELS, CHANNELS, 1), ...batchNormParameters('norm', CHANNELS)]
  const parameters = createParameters(tf, definitions, heInitialization(definitions, random), 'trainable')
  const spread = (channel, colour) => (channel % 3 === colour ? (1 + (channel % 5) * 0.25) / 255 : 0)
  const weights = Float32Array.from({ length: 3 * CHANNELS }, (_, place) => spread(place % CHANNELS, Math.floor(place / CHANNELS)))
  const layer = (values, mode) => {
    if (start === 'frozen') return values
    const get = (name) => parameters.get(`norm.${name}`)
    const norm = { scale: get('weight'), offset: get('bias'), runningMean: get('running_mean'), runningVariance: get('running_var') }
    return tf.relu(batchNormalize(tf, tf.conv2d(values, parameters.get('conv.weight'), 1, 'valid'), norm, mode))
  }
  return {
    levels,
    normalization: { mean: [0, 0, 0], std: [1, 1, 1] },
    variables: parameters.trained,
    statistics: parameters.statistics,
    forward: (images, mode) =>
      levels.map(({ stride }) =>
        layer(tf.conv2d(tf.avgPool(images, stride, stride, 'same'), tf.tensor4d(weights, [1, 1, 3, CHANNELS]), 1, 'valid'), mode),
      ),
    read: () => parameters.read(),
    write: (values) => parameters.write(values),
    dispose: () => parameters.dispose(),
  }
}
