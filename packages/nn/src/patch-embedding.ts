import type { Tensor4D } from '@tensorflow/tfjs-core'
import { channelPooling, channelShare } from './channel-pooling.ts'
import { finestLevel, type LevelFeatures, type PatchFeatures } from './feature-level.ts'
import type { TensorEngine } from './engines/engine-request.ts'

/**
 * PatchCore's locally aware patch features (Roth et al., CVPR 2022, section 3.1) as its reference code computes them, in closed form.
 *
 * With m(f) the 3x3 mean of a level, zeros outside counted: levels are brought to the finest grid bilinearly (half-pixel centres) and their channels follow one another.
 * Where all levels together have at most `targetDimension` channels, each gives m(f). Where they have more, each of the L levels gives T / L values, at least one: the reference code
 * spreads a level's 9 C neighbourhood values over T windows and averages neighbouring windows of all levels. That is the mean of C L / T neighbouring channels of m(f), and for a level of
 * exactly T / L channels, whose middle value falls into two windows, (9 m(f) + f) / 10. Equal to the reference for widths that T / L divides (WideResNet-50 at T = 1024);
 * other widths use windows that overlap in the same way over m(f).
 */
export async function embedPatches(
  tf: TensorEngine,
  levels: readonly LevelFeatures[],
  count: number,
  targetDimension: number,
): Promise<PatchFeatures> {
  const { height, width } = finestLevel(levels)
  const share = channelShare(
    levels.map(({ level }) => level.channels),
    targetDimension,
  )
  const embedded = tf.tidy(() =>
    tf.concat(
      levels.map((level) => embedLevel(tf, level, count, share, [height, width])),
      3,
    ),
  )
  const data = (await embedded.data()) as Float32Array
  const dimension = embedded.shape[3] ?? 0
  embedded.dispose()
  return { height, width, dimension, data }
}

function embedLevel(tf: TensorEngine, features: LevelFeatures, count: number, share: number | null, grid: [number, number]): Tensor4D {
  const { level, height, width, data } = features
  const values = tf.tensor4d(data, [count, height, width, level.channels])
  const means = tf.avgPool(
    tf.pad(values, [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]),
    3,
    1,
    'valid',
  )
  const local = level.channels === share ? tf.add(tf.mul(means, 0.9), tf.mul(values, 0.1)) : means
  const pooled = share === null || level.channels === share ? local : poolChannels(tf, local, level.channels, share)
  return height === grid[0] && width === grid[1] ? (pooled as Tensor4D) : tf.image.resizeBilinear(pooled as Tensor4D, grid, false, true)
}

/** {@link channelPooling} of the last axis. */
function poolChannels(
  tf: TensorEngine,
  values: ReturnType<TensorEngine['add']>,
  channels: number,
  target: number,
): ReturnType<TensorEngine['add']> {
  const weights = channelPooling(channels, target)
  const [count = 0, height = 0, width = 0] = values.shape
  const rows = tf.reshape(values, [count * height * width, channels])
  return tf.reshape(tf.matMul(rows, tf.tensor2d(weights, [channels, target])), [count, height, width, target])
}
