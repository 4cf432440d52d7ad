// A narrow residual network as the backbone of the conformance suite, in plain JavaScript: another process imports it too. Its copies can be trained; for a random start there is no trainable form,
// so that the suite sees the student of our own as well.
import { createRandomSource } from '@im-iad/core'
import { createResidualNetwork, heInitialization, normalizedPixels, openTensorEngine, RESNET18, residualParameters } from '@im-iad/nn'

const ARCHITECTURE = { ...RESNET18, id: 'narrow', blocks: [1, 1, 1, 1], width: 4 }
const NORMALIZATION = ARCHITECTURE.normalization

const build = async (use) => {
  const tf = await openTensorEngine()
  const weights = heInitialization(residualParameters(ARCHITECTURE, 'layer3'), createRandomSource(0, 'test').stream('weights'))
  return { tf, network: createResidualNetwork(tf, { architecture: ARCHITECTURE, through: 'layer3', weights, use }) }
}

export default async function open() {
  const { tf, network } = await build('frozen')
  return {
    levels: network.levels,
    notes: [],
    async extract(batch, strides) {
      const { shape, data } = normalizedPixels(batch, NORMALIZATION)
      const features = tf.tidy(() => network.forward(tf.tensor4d(data, shape), 'inference').map((level) => tf.keep(level)))
      const read = await Promise.all(features.map(async (level) => Float32Array.from(await level.data())))
      tf.dispose(features)
      return strides.map((stride) => {
        const place = network.levels.findIndex((level) => level.stride === stride)
        const [, height, width] = features[place].shape
        return { level: network.levels[place], height, width, data: read[place] }
      })
    },
    dispose: () => Promise.resolve(network.dispose()),
  }
}

export async function train(_reference, { start }) {
  if (start === 'random') return null
  const { network } = await build('trainable')
  return {
    levels: network.levels,
    normalization: NORMALIZATION,
    variables: network.variables,
    statistics: network.parameters.statistics,
    forward: (images, mode) => network.forward(images, mode),
    read: () => network.parameters.read(),
    write: (values) => network.parameters.write(values),
    dispose: () => network.dispose(),
  }
}
