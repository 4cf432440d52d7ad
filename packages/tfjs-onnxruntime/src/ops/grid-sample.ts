import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

export interface GridSampleOptions {
  /** What lies outside the image: nothing, its edge, or the image mirrored. `zeros` by default. */
  readonly padding?: 'zeros' | 'border' | 'reflection'
  /** Whether -1 and 1 are the centres of the outermost pixels (true) or their outer edges (false, the default). */
  readonly alignCorners?: boolean
}

/**
 * Samples an image bilinearly where a grid says, with gradients for both; the conventions are those of PyTorch's `grid_sample`
 * (Jaderberg et al., "Spatial Transformer Networks", 2015, equation 5).
 * @param image - `[batch, height, width, channels]`
 * @param grid - `[batch, rows, columns, 2]`: x and y, both from -1 to 1 across the image
 * @returns `[batch, rows, columns, channels]`
 */
export function gridSample(image: Tensor4D, grid: Tensor4D, { padding = 'zeros', alignCorners = false }: GridSampleOptions = {}): Tensor4D {
  return tf.tidy(() => {
    const [batch, height, width, channels] = image.shape
    const [, rows, columns] = grid.shape
    const count = batch * rows * columns
    const [horizontal, vertical] = tf.unstack(tf.reshape(grid, [count, 2]), 1)
    const x = place(horizontal, width, padding, alignCorners)
    const y = place(vertical, height, padding, alignCorners)
    const left = neighbours(x, width, padding)
    const top = neighbours(y, height, padding)
    const pixels = tf.reshape(image, [batch * height * width, channels])
    const perImage = Int32Array.from({ length: count }, (_, index) => Math.floor(index / (rows * columns)) * height * width)
    const offsets = tf.tensor1d(perImage, 'int32')
    const parts = top.flatMap((row) =>
      left.map((column) => {
        const index = tf.add(offsets, tf.add(tf.mul(row.index, tf.scalar(width, 'int32')), column.index))
        const weight = tf.reshape(tf.mul(row.weight, column.weight), [count, 1])
        return tf.mul(tf.gather(pixels, index as Tensor1D), weight)
      }),
    )
    return tf.reshape(
      parts.reduce((sum, part) => tf.add(sum, part)),
      [batch, rows, columns, channels],
    )
  })
}

/**
 * The grid of an affine map, for {@link gridSample}: where each output pixel looks.
 * @param theta - `[batch, 2, 3]`: rows of the map from output to input coordinates, both from -1 to 1
 * @param size - rows and columns of the grid
 * @returns `[batch, rows, columns, 2]`
 */
export function affineGrid(
  theta: Tensor3D,
  size: readonly [number, number],
  { alignCorners = false }: Pick<GridSampleOptions, 'alignCorners'> = {},
): Tensor4D {
  return tf.tidy(() => {
    const [rows, columns] = size
    const base = new Float32Array(rows * columns * 3)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        base.set([coordinate(column, columns, alignCorners), coordinate(row, rows, alignCorners), 1], (row * columns + column) * 3)
    const points: Tensor2D = tf.tensor2d(base, [rows * columns, 3])
    const [batch] = theta.shape
    return tf.reshape(tf.matMul(points, theta, false, true), [batch, rows, columns, 2])
  })
}

function coordinate(index: number, count: number, alignCorners: boolean): number {
  if (alignCorners) return count === 1 ? 0 : (2 * index) / (count - 1) - 1
  return (2 * index + 1) / count - 1
}

/** From -1…1 to pixels, and into the image where the padding asks for it. */
function place(normalised: Tensor, extent: number, padding: NonNullable<GridSampleOptions['padding']>, alignCorners: boolean): Tensor {
  const position = alignCorners ? tf.mul(tf.add(normalised, 1), (extent - 1) / 2) : tf.sub(tf.mul(tf.add(normalised, 1), extent / 2), 0.5)
  if (padding === 'zeros') return position
  if (padding === 'border') return tf.clipByValue(position, 0, extent - 1)
  const low = alignCorners ? 0 : -0.5
  const span = alignCorners ? extent - 1 : extent
  return tf.clipByValue(reflectCoordinate(position, low, span), 0, extent - 1)
}

/** Mirrors positions at `low` and `low + span` until they lie between. */
export function reflectCoordinate(position: Tensor, low: number, span: number): Tensor {
  if (span === 0) return tf.zerosLike(position)
  const distance = tf.abs(tf.sub(position, low))
  const flips = tf.floor(tf.div(distance, span))
  const rest = tf.sub(distance, tf.mul(flips, span))
  const isTurned = tf.greater(tf.sub(flips, tf.mul(tf.floor(tf.mul(flips, 0.5)), 2)), 0.5)
  return tf.add(tf.where(isTurned, tf.sub(span, rest), rest), low)
}

interface Neighbour {
  readonly index: Tensor
  readonly weight: Tensor
}

/** The pixel at or before a position and the one behind it, with their weights; a pixel outside the image weighs nothing. */
function neighbours(position: Tensor, extent: number, padding: GridSampleOptions['padding']): readonly Neighbour[] {
  const before = tf.floor(position)
  const after = tf.add(before, 1)
  const share = tf.sub(position, before)
  return [
    { at: before, weight: tf.sub(1, share) },
    { at: after, weight: share },
  ].map(({ at, weight }) => ({
    index: tf.cast(tf.clipByValue(at, 0, extent - 1), 'int32'),
    weight: padding === 'zeros' ? tf.mul(weight, inside(at, extent)) : weight,
  }))
}

function inside(position: Tensor, extent: number): Tensor {
  return tf.cast(tf.logicalAnd(tf.greaterEqual(position, 0), tf.lessEqual(position, extent - 1)), 'float32')
}
