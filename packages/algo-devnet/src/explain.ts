import { projectionMatrix, type TensorEngine } from '@im-iad/nn'
import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { featuresOf, type FeatureNetwork } from './body.ts'
import type { DevNetModel } from './model.ts'
import { meanOf, scalesOf, scoreOf } from './score.ts'

/** Scores `[count]` and maps `[count, height, width]`. A type, not an interface: so it can be handed through `tidy`. */
export type Explanation = {
  readonly scores: Tensor1D
  readonly maps: Tensor3D
}

/** Standard deviation of the maps' Gaussian, in pixels of the input. */
const SIGMA = 4

/** What a map is cut at. */
const PERCENTILE = 0.99

/** Keeps a map without any gradient from being divided by 0. */
const SMALLEST_RANGE = 1e-30

/** The responses of normalised pictures at every scale, each `[count, positions]` with its grid. */
interface ScaleResponses {
  readonly responses: Tensor2D
  readonly height: number
  readonly width: number
}

/**
 * Scores normalised pictures and says which pixels they come from. One backward pass serves the whole batch: a picture's score depends on no other picture, so the gradient of their sum holds each one's own.
 * @param images - `[count, height, width, 3]`
 */
export function explainPictures(model: DevNetModel, network: FeatureNetwork, images: Tensor4D): Explanation {
  const { tf, parameters } = model
  const respond = (pictures: Tensor4D): readonly ScaleResponses[] =>
    scalesOf(tf, pictures, parameters.scales).map((scale) => responsesOf(model, featuresOf(network, model.body.level, scale, 'inference')))
  if (parameters.map === 'response') return explainResponses(model, respond(images), images.shape[1])
  const score = (pictures: Tensor4D): Tensor1D => scoresOf(model, respond(pictures))
  const gradient = tf.grad((pictures) => tf.sum(score(pictures as Tensor4D)))(images)
  const strength = tf.sum<Tensor3D>(tf.abs(gradient), -1)
  const maps = parameters.map === 'gradient' ? cutAtPercentile(tf, strength) : strength
  return { scores: score(images), maps: smooth(tf, maps) }
}

/** The same from features of every scale, without gradients: the map is that of the responses. */
export function explainFeatures(model: DevNetModel, features: readonly Tensor4D[], size: number): Explanation {
  return explainResponses(
    model,
    features.map((scale) => responsesOf(model, scale)),
    size,
  )
}

function responsesOf({ head }: DevNetModel, features: Tensor4D): ScaleResponses {
  const [, height, width] = features.shape
  return { responses: head.responses(features), height, width }
}

function scoresOf({ tf, parameters }: DevNetModel, scales: readonly ScaleResponses[]): Tensor1D {
  return meanOf(
    tf,
    scales.map(({ responses }) => scoreOf(tf, responses, parameters.topShare)),
  )
}

/** |responses|, brought to the picture's size bilinearly, the mean over scales. */
function explainResponses(model: DevNetModel, scales: readonly ScaleResponses[], size: number): Explanation {
  const { tf } = model
  const enlarged = scales.map(({ responses, height, width }) => {
    const grids = tf.reshape(tf.abs(responses), [-1, height, width, 1]) as Tensor4D
    return tf.squeeze<Tensor3D>(tf.image.resizeBilinear(grids, [size, size], false, true), [-1])
  })
  return { scores: scoresOf(model, scales), maps: meanOf(tf, enlarged) }
}

/** (m - min) / (99th percentile - min), cut to [0, 1], each picture by itself; percentiles lie between ranks (NumPy's default). */
function cutAtPercentile(tf: TensorEngine, strength: Tensor3D): Tensor3D {
  const [count, height, width] = strength.shape
  const pixels = height * width
  const rank = PERCENTILE * (pixels - 1)
  const kept = pixels - Math.floor(rank)
  const flat = tf.reshape(strength, [count, pixels])
  const { values } = tf.topk(flat, kept)
  const [above, below] = [Math.max(kept - 2, 0), kept - 1].map((place) => tf.slice(values as Tensor2D, [0, place], [count, 1]))
  const percentile = tf.add(below, tf.mul(tf.sub(above, below), rank - Math.floor(rank)))
  const smallest = tf.min<Tensor2D>(flat, 1, true)
  const range = tf.maximum(tf.sub(percentile, smallest), SMALLEST_RANGE)
  return tf.reshape(tf.clipByValue(tf.div(tf.sub(flat, smallest), range), 0, 1), [count, height, width])
}

/** A Gaussian with half-sample symmetric borders, as scipy's `gaussian_filter`: a matrix per axis. */
function smooth(tf: TensorEngine, maps: Tensor3D): Tensor3D {
  const [count, height, width] = maps.shape
  const vertical = tf.tensor3d(projectionMatrix(height, height, SIGMA), [1, height, height])
  const horizontal = tf.tensor2d(projectionMatrix(width, width, SIGMA), [width, width])
  const wide = tf.reshape(tf.matMul(tf.reshape(maps, [count * height, width]) as Tensor2D, horizontal, false, true), [count, height, width])
  return tf.matMul(tf.tile(vertical, [count, 1, 1]), wide as Tensor3D)
}
