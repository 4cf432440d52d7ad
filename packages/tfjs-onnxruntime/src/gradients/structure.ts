import type { GradConfig, StridedSliceAttrs, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { normalizeAxes, sizeOf } from '../facts.ts'
import { gradientOf, gradientOfList, gradientOfMany, sumTo } from './gradient.ts'

type Paddings = readonly (readonly [number, number])[]
type Shape = readonly number[]

/** Undoes a padding that mirrors: what was copied into the margins is added to where it came from. */
function foldMirror(dy: Tensor, paddings: Paddings, mode: 'reflect' | 'symmetric'): Tensor {
  return paddings.reduce((gradient, [before, after], axis) => {
    if (before === 0 && after === 0) return gradient
    const extent = gradient.shape[axis] - before - after
    const edge = mode === 'reflect' ? 1 : 0
    const part = (start: number, size: number): Tensor =>
      tf.slice(
        gradient,
        gradient.shape.map((_, other) => (other === axis ? start : 0)),
        gradient.shape.map((length, other) => (other === axis ? size : length)),
      )
    const placed = (folded: Tensor, start: number): Tensor =>
      tf.pad(
        tf.reverse(folded, axis),
        gradient.shape.map((_, other): [number, number] => (other === axis ? [start, extent - start - folded.shape[axis]] : [0, 0])),
      )
    const centre = part(before, extent)
    const first = before === 0 ? centre : tf.add(centre, placed(part(0, before), edge))
    return after === 0 ? first : tf.add(first, placed(part(before + extent, after), extent - edge - after))
  }, dy)
}

function untile(dy: Tensor, shape: Shape, reps: Shape): Tensor {
  if (shape.every((extent, axis) => extent === 1 || reps[axis] === 1)) return sumTo(dy, shape)
  const apart = tf.reshape(
    dy,
    shape.flatMap((extent, axis) => [reps[axis], extent]),
  )
  return tf.sum(
    apart,
    shape.map((_, axis) => 2 * axis),
  )
}

/** Flat positions of the elements that a strided slice takes; constants of the trace. */
function takenPlaces(shape: Shape, begin: Shape, strides: Shape, size: Shape): Int32Array {
  const places = new Int32Array(sizeOf(size))
  const index = size.map(() => 0)
  for (let count = 0; count < places.length; count++) {
    let place = 0
    for (let axis = 0; axis < shape.length; axis++) place = place * shape[axis] + begin[axis] + index[axis] * strides[axis]
    places[count] = place
    for (let axis = size.length - 1; axis >= 0 && ++index[axis] === size[axis]; axis--) index[axis] = 0
  }
  return places
}

function unslice(dy: Tensor, x: Tensor, attributes: StridedSliceAttrs): Tensor {
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes
  const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const
  const { begin, end, strides } = tf.slice_util.sliceInfo(x.shape, attributes.begin, attributes.end, attributes.strides, ...masks)
  const size = begin.map((from, axis) => Math.max(0, Math.ceil((end[axis] - from) / strides[axis])))
  const places = tf.tensor2d(takenPlaces(x.shape, begin, strides, size), [dy.size, 1], 'int32')
  return tf.reshape(tf.scatterND(places, tf.reshape(dy, [dy.size]), [x.size]), x.shape)
}

const sizesAlong = (inputs: readonly Tensor[], axis: number): number[] => inputs.map(({ shape }) => shape[axis])

export const structureGradients: readonly GradConfig[] = [
  gradientOf('Reshape', { inputs: ['x'] }, (dy, [x]) => ({ x: () => tf.reshape(dy, x.shape) })),
  gradientOf('ExpandDims', { inputs: ['input'] }, (dy, [input]) => ({ input: () => tf.reshape(dy, input.shape) })),
  gradientOf<{ readonly perm: Shape }>('Transpose', {}, (dy, _, { perm }) => ({
    x: () =>
      tf.transpose(
        dy,
        perm.map((__, axis) => perm.indexOf(axis)),
      ),
  })),
  gradientOfList<{ readonly axis: number }>('Concat', (dy, inputs, { axis }) => {
    const [along] = normalizeAxes(axis, dy.rank)
    const parts = tf.split(dy, sizesAlong(inputs, along), along)
    return parts.map((part) => () => part)
  }),
  gradientOfList<{ readonly axis: number }>('Pack', (dy, _, { axis }) => tf.unstack(dy, axis).map((part) => () => part)),
  gradientOfMany<{ readonly axis: number }>('Unpack', {}, (dys, _, { axis }) => ({ value: () => tf.stack([...dys], axis) })),
  gradientOfMany<{ readonly axis: number }>('SplitV', {}, (dys, _, { axis }) => ({ x: () => tf.concat([...dys], axis) })),
  gradientOf<{ readonly begin: number | Shape; readonly size: number | Shape }>('Slice', { inputs: ['x'] }, (dy, [x], { begin }) => ({
    x: () => {
      const starts = typeof begin === 'number' ? [begin] : begin
      return tf.pad(
        dy,
        x.shape.map((extent, axis): [number, number] => [starts[axis] ?? 0, extent - (starts[axis] ?? 0) - dy.shape[axis]]),
      )
    },
  })),
  gradientOf<StridedSliceAttrs>('StridedSlice', { inputs: ['x'] }, (dy, [x], attributes) => ({ x: () => unslice(dy, x, attributes) })),
  gradientOf<{ readonly paddings: Paddings }>('PadV2', { inputs: ['x'] }, (dy, [x], { paddings }) => ({
    x: () =>
      tf.slice(
        dy,
        paddings.map(([before]) => before),
        x.shape,
      ),
  })),
  gradientOf<{ readonly paddings: Paddings; readonly mode: 'reflect' | 'symmetric' }>('MirrorPad', {}, (dy, _, { paddings, mode }) => ({
    x: () => foldMirror(dy, paddings, mode),
  })),
  gradientOf<{ readonly dims: number | number[] }>('Reverse', {}, (dy, _, { dims }) => ({ x: () => tf.reverse(dy, dims) })),
  gradientOf('FlipLeftRight', {}, (dy) => ({ image: () => tf.reverse(dy, 2) })),
  gradientOf<{ readonly reps: Shape }>('Tile', { inputs: ['x'] }, (dy, [x], { reps }) => ({ x: () => untile(dy, x.shape, reps) })),
  gradientOf('BroadcastTo', { inputs: ['x'] }, (dy, [x]) => ({ x: () => sumTo(dy, x.shape) })),
  gradientOf<{ readonly blockShape: number[]; readonly paddings: number[][] }>('SpaceToBatchND', {}, (dy, _, { blockShape, paddings }) => ({
    x: () => tf.batchToSpaceND(dy, blockShape, paddings),
  })),
  gradientOf<{ readonly blockShape: number[]; readonly crops: number[][] }>('BatchToSpaceND', {}, (dy, _, { blockShape, crops }) => ({
    x: () => tf.spaceToBatchND(dy, blockShape, crops),
  })),
  gradientOf<{ readonly blockSize: number }>('DepthToSpace', { inputs: ['x'] }, (dy, [x], { blockSize: block }) => ({
    x: () => {
      const [batch, height, width, channels] = x.shape
      const apart = tf.reshape(dy, [batch, height, block, width, block, channels / (block * block)])
      return tf.reshape(tf.transpose(apart, [0, 1, 3, 2, 4, 5]), x.shape)
    },
  })),
]
