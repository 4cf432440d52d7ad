import type { RandomStream } from '@im-iad/core'
import type { TensorEngine } from '@im-iad/nn'
import type { NamedTensor } from '@im-iad/weights'
import type { Scalar, Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { LEVELS } from '../src/architecture.ts'
import { sceneStatistics } from './scene-statistics.ts'
import { pixelNoise } from './scenes/draws.ts'
import { batchOf } from './scenes/scene-batches.ts'
import type { ScenePool } from './scenes/scene-pool.ts'
import { drawVariation } from './scenes/vary.ts'
import type { TrainingSettings } from './settings.ts'
import type { Student } from './student.ts'
import { trainStudent, type TrainedBackbone, type TrainingHost } from './train-student.ts'

/** Places per picture and level that are told apart. */
const PLACES = 64

/** Of the similarities. */
const TEMPERATURE = 0.2

/** The largest noise that a view is given, in normalised units: some ten grey levels. */
const LARGEST_NOISE = 0.08

/**
 * The network learns, without a teacher, to recognise every place of a scene in another photograph of it (other light, contrast, noise) among the places of all scenes of the batch:
 * dense contrastive learning (Wang et al., CVPR 2021) with the InfoNCE loss, positives from the known geometry (Pinheiro et al., NeurIPS 2020).
 */
export async function selfSupervise(tf: TensorEngine, settings: TrainingSettings, host: TrainingHost): Promise<TrainedBackbone> {
  const { size } = settings
  const student = await trainStudent(tf, settings, host, ({ network, pool, random }) => ({
    load({ step, indices }) {
      const stream = random.stream(`views/${step}`)
      const places = LEVELS.map(({ name, stride }) => [name, selection(stream, (size / stride) ** 2)] as const)
      return Promise.resolve({ pictures: twoViews(pool, indices, stream), ...Object.fromEntries(places) })
    },
    loss: (batch) => contrastiveLoss(tf, network, batch),
  }))
  const statistics = await sceneStatistics(settings, (pictures) => studentFeatures(tf, student, pictures))
  // Standardised: the lengths of the features mean nothing to this loss.
  const outputs = statistics.map(({ mean, deviation }) => ({
    factor: deviation.map((value) => 1 / value),
    shift: mean.map((value, channel) => -value / deviation[channel]),
  }))
  return { student, outputs }
}

/** Two photographs of every scene: same symmetry and colours, other light and noise. First those of all scenes, then the others. */
function twoViews(pool: ScenePool, indices: readonly number[], random: RandomStream): NamedTensor {
  const first = indices.map((index) => ({ index, variation: drawVariation(random) }))
  const second = first.map(({ index, variation: { symmetry, channels } }) => ({
    index,
    variation: { ...drawVariation(random), symmetry, channels },
  }))
  const { shape, data } = batchOf(pool, [...first, ...second])
  const each = data.length / (2 * indices.length)
  for (let view = 0; view < 2 * indices.length; view++) {
    const [draw, strength] = [pixelNoise(random), LARGEST_NOISE * random.uniform()]
    for (let index = view * each; index < (view + 1) * each; index++) data[index] += strength * (draw() + draw() - 1)
  }
  return { shape, data }
}

/** A matrix that picks {@link PLACES} of all places: `[1, PLACES, positions]`. */
function selection(random: RandomStream, positions: number): NamedTensor {
  const data = new Float32Array(PLACES * positions)
  for (const [row, position] of random.sample(positions, PLACES).entries()) data[row * positions + position] = 1
  return { shape: [1, PLACES, positions], data }
}

/** InfoNCE, both ways, the mean of all levels. */
function contrastiveLoss(
  tf: TensorEngine,
  student: Student,
  batch: Readonly<Record<string, Tensor>>,
): { readonly total: Scalar; readonly parts: Readonly<Record<string, Scalar>> } {
  const levels = student.heads(student.stages(batch['pictures'] as Tensor4D, 'training'))
  const losses = [...levels].map(([name, level]) => [name, levelLoss(tf, level, batch[name] as Tensor3D)] as const)
  return { total: tf.div(tf.addN(losses.map(([, loss]) => loss)), losses.length), parts: Object.fromEntries(losses) }
}

function levelLoss(tf: TensorEngine, level: Tensor4D, places: Tensor3D): Scalar {
  const [count, height, width, channels] = level.shape
  const chosen = tf.matMul(tf.tile(places, [count, 1, 1]), tf.reshape(level, [count, height * width, channels]))
  const directions = tf.div(chosen, tf.sqrt(tf.add(tf.sum(tf.square(chosen), -1, true), 1e-6)))
  const rows = (count / 2) * PLACES
  const [first, second] = tf.split(tf.reshape(directions, [2 * rows, channels]), 2)
  const similarities = tf.div(tf.matMul(first, second, false, true), TEMPERATURE)
  const own = tf.div(tf.sum(tf.mul(first, second), -1), TEMPERATURE)
  const forward = tf.sub(tf.logSumExp(similarities, 1), own)
  const backward = tf.sub(tf.logSumExp(similarities, 0), own)
  return tf.mean<Scalar>(tf.div(tf.add(forward, backward), 2))
}

async function studentFeatures(tf: TensorEngine, student: Student, { shape, data }: NamedTensor): Promise<readonly NamedTensor[]> {
  const [count, height, width, channels] = shape
  const levels = tf.tidy(() => [
    ...student.heads(student.stages(tf.tensor4d(data, [count, height, width, channels]), 'inference')).values(),
  ])
  // Copies: an engine may hand out memory that it writes to later.
  const features = await Promise.all(levels.map(async (level) => ({ shape: level.shape, data: Float32Array.from(await level.data()) })))
  tf.dispose(levels)
  return features
}
