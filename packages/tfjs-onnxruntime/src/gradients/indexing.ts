import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { sizeOf } from '../facts.ts'
import { gradientOf } from './gradient.ts'

interface GatherAttributes {
  readonly axis: number
  readonly batchDims?: number
}

const at = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)
const upTo = (count: number, start = 0): number[] => Array.from({ length: count }, (_, index) => start + index)

/** Gradients of picked elements are added up where they were picked. The picked axis is brought behind the batch axes, and both become rows of one list of segments. */
function ungather(dy: Tensor, x: Tensor, indices: Tensor, attributes: GatherAttributes): Tensor {
  const axis = at(attributes.axis, x.rank)
  const batch = at(attributes.batchDims ?? 0, indices.rank)
  const picked = indices.rank - batch
  const between = axis - batch
  const rows = sizeOf(x.shape.slice(0, batch))
  const extent = x.shape[axis]
  // [batch…, between…, picked…, behind…] to [batch…, picked…, between…, behind…].
  const behind = dy.rank - batch - between - picked
  const order = [...upTo(batch), ...upTo(picked, batch + between), ...upTo(between, batch), ...upTo(behind, batch + between + picked)]
  const moved = tf.reshape(tf.transpose(dy, order), [indices.size, dy.size / Math.max(1, indices.size)])
  const offsets = tf.mul(tf.reshape(tf.range(0, rows, 1, 'int32'), [rows, 1]), tf.scalar(extent, 'int32'))
  const places =
    batch === 0 ? tf.reshape(indices, [indices.size]) : tf.reshape(tf.add(tf.reshape(indices, [rows, -1]), offsets), [indices.size])
  const summed = tf.unsortedSegmentSum(moved, tf.cast(places, 'int32') as tf.Tensor1D, rows * extent)
  const rest = [...x.shape.slice(batch, axis), ...x.shape.slice(axis + 1)]
  const apart = tf.reshape(summed, [...x.shape.slice(0, batch), extent, ...rest])
  return tf.transpose(apart, [...upTo(batch), ...upTo(between, batch + 1), batch, ...upTo(x.rank - axis - 1, axis + 1)])
}

export const indexingGradients: readonly GradConfig[] = [
  gradientOf<GatherAttributes>('GatherV2', { inputs: ['x', 'indices'] }, (dy, [x, indices], attributes) => ({
    x: () => ungather(dy, x, indices, attributes),
    indices: () => tf.zeros(indices.shape),
  })),
  gradientOf('GatherNd', { inputs: ['params', 'indices'] }, (dy, [params, indices]) => ({
    params: () => tf.scatterND(indices, dy, params.shape),
    indices: () => tf.zeros(indices.shape),
  })),
  gradientOf('ScatterNd', { inputs: ['indices'] }, (dy, [indices]) => ({
    indices: () => tf.zeros(indices.shape),
    updates: () => tf.gatherND(dy, indices),
  })),
  gradientOf('TensorScatterUpdate', { inputs: ['indices', 'updates'] }, (dy, [indices, updates]) => ({
    tensor: () => tf.tensorScatterUpdate(dy, indices, tf.zeros(updates.shape)),
    indices: () => tf.zeros(indices.shape),
    updates: () => tf.gatherND(dy, indices),
  })),
  gradientOf('UnsortedSegmentSum', { inputs: ['segmentIds'] }, (dy, [ids]) => ({
    x: () => {
      const isNegative = tf.less(ids, tf.scalar(0, 'int32'))
      const rows = tf.gather(dy, tf.maximum(ids, tf.scalar(0, 'int32')) as tf.Tensor1D)
      const mask = tf.reshape(isNegative, [...ids.shape, ...rows.shape.slice(ids.rank).map(() => 1)])
      return tf.where(mask, tf.zerosLike(rows), rows)
    },
  })),
]
