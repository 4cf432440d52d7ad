import type { FeatureLevel } from '@im-iad/core'
import type { TensorEngine } from '@im-iad/nn'
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Padding } from './filter-graph.ts'
import { COLOUR_WEIGHT, COMPRESSION, GAIN_CONTROL, NEIGHBOURHOOD, NEIGHBOURHOOD_OCTAVE, OPPONENT_COLOURS } from './filter-settings.ts'
import { FilterTensors } from './filter-tensors.ts'
import { binomialSquare, morletPair } from './kernels.ts'
import { COLOUR_CHANNELS, ORIENTATIONS } from './levels.ts'

/** The formula of `traceLevels` in functions of tensors: from float32 `[count, height, width, 3]` to `[count, height / stride, width / stride, channels]` per level. */
export function computeLevels(tf: TensorEngine, pixels: Tensor4D, levels: readonly FeatureLevel[]): readonly Tensor4D[] {
  const filters = new FilterTensors(tf)
  const [luminance, colours] = opponentColours(tf, pixels)
  const used = octavesUpTo(Math.max(...levels.map(({ stride }) => stride)))
  const octaves = pyramid(filters, luminance, Math.max(used, NEIGHBOURHOOD_OCTAVE + 1))
  const energies = Array.from({ length: used }, (_, octave) => {
    const energy = orientedEnergy(tf, filters, normalizeContrast(tf, filters, octaves, octave))
    return tf.mul<Tensor4D>(filters.divideByRoot(energy, [filters.pictureMean(energy), COMPRESSION.offset]), COMPRESSION.gain)
  })
  return levels.map(({ stride }) => {
    const pooled = energies.slice(0, octavesUpTo(stride)).map((energy, octave) => filters.averagePool(energy, stride / 2 ** octave))
    return tf.concat([...pooled, filters.averagePool(colours, stride)], 3)
  })
}

function octavesUpTo(stride: number): number {
  return Math.log2(stride) + 1
}

function opponentColours(tf: TensorEngine, pixels: Tensor4D): readonly [luminance: Tensor4D, colours: Tensor4D] {
  const [count, height, width] = pixels.shape
  const weights = tf.tensor2d(
    Float32Array.from(OPPONENT_COLOURS.flat(), (weight) => weight / 255),
    [3, 3],
  )
  const rows = tf.matMul(tf.reshape(pixels, [count * height * width, 3]) as Tensor2D, weights, false, true)
  const opponent = tf.reshape(rows, [count, height, width, 3]) as Tensor4D
  const colours = tf.slice(opponent, [0, 0, 0, 1], [count, height, width, COLOUR_CHANNELS])
  return [tf.slice(opponent, [0, 0, 0, 0], [count, height, width, 1]), tf.mul(colours, COLOUR_WEIGHT)]
}

function pyramid(filters: FilterTensors, plane: Tensor4D, count: number): readonly Tensor4D[] {
  const octaves = [plane]
  while (octaves.length < count) octaves.push(halve(filters, octaves[octaves.length - 1]))
  return octaves
}

function halve(filters: FilterTensors, plane: Tensor4D, times = 1): Tensor4D {
  const padding: Padding = { top: 1, left: 1, bottom: 1, right: 1 }
  let halved = plane
  for (let step = 0; step < times; step++) halved = filters.correlate(halved, [binomialSquare()], padding, 2)
  return halved
}

function normalizeContrast(tf: TensorEngine, filters: FilterTensors, octaves: readonly Tensor4D[], octave: number): Tensor4D {
  const halvings = Math.max(0, NEIGHBOURHOOD_OCTAVE - octave)
  const size = octave <= NEIGHBOURHOOD_OCTAVE ? NEIGHBOURHOOD.fine : NEIGHBOURHOOD.coarse
  const localMean = filters.enlarge(filters.blur(octaves[octave + halvings], size), 2 ** halvings)
  const deviation = tf.sub<Tensor4D>(octaves[octave], localMean)
  const localVariance = filters.enlarge(filters.blur(halve(filters, tf.square(deviation), halvings), size), 2 ** halvings)
  const pictureVariance = tf.mul(filters.pictureMean(localVariance), GAIN_CONTROL.pictureShare)
  return filters.divideByRoot(deviation, [localVariance, pictureVariance, GAIN_CONTROL.floor ** 2])
}

function orientedEnergy(tf: TensorEngine, filters: FilterTensors, plane: Tensor4D): Tensor4D {
  const pairs = Array.from({ length: ORIENTATIONS }, (_, index) => morletPair((Math.PI * index) / ORIENTATIONS))
  const kernels = [...pairs.map(({ even }) => even), ...pairs.map(({ odd }) => odd)]
  const radius = (kernels[0].width - 1) / 2
  const responses = filters.correlate(plane, kernels, { top: radius, left: radius, bottom: radius, right: radius })
  const [count, height, width] = responses.shape
  const part = (start: number): Tensor4D => tf.slice(responses, [0, 0, 0, start], [count, height, width, ORIENTATIONS])
  return filters.modulus(part(0), part(ORIENTATIONS))
}
