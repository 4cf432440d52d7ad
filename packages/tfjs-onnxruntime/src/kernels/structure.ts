import { slice_util, type StridedSliceAttrs } from '@tensorflow/tfjs-core'
import { normalizeAxes, sizeOf, type Facts } from '../facts.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import { broadcastTo, concat, pad, reshape, slice, transpose } from '../graph/shaping.ts'
import { defineKernel, type KernelDefinition } from './kernel-definition.ts'

type Shape = readonly number[]
type Paddings = readonly (readonly [number, number])[]

interface SplitAttributes {
  readonly numOrSizeSplits: number | readonly number[]
  readonly axis: number
}

const at = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

function expandedShape({ shape }: Facts, dim: number): number[] {
  const axis = at(dim, shape.length + 1)
  return [...shape.slice(0, axis), 1, ...shape.slice(axis)]
}

function concatShape(inputs: readonly Facts[], axis: number): Facts {
  const along = at(axis, inputs[0].shape.length)
  const total = inputs.reduce((sum, { shape }) => sum + shape[along], 0)
  return { shape: inputs[0].shape.map((extent, index) => (index === along ? total : extent)), dtype: inputs[0].dtype }
}

function splitSizes({ shape }: Facts, { numOrSizeSplits, axis }: SplitAttributes): readonly number[] {
  const extent = shape[at(axis, shape.length)]
  if (typeof numOrSizeSplits === 'number') return Array.from({ length: numOrSizeSplits }, () => extent / numOrSizeSplits)
  const known = numOrSizeSplits.reduce((sum, size) => (size === -1 ? sum : sum + size), 0)
  return numOrSizeSplits.map((size) => (size === -1 ? extent - known : size))
}

function parts(graph: Graph, x: Ir, axis: number, sizes: readonly number[]): readonly Ir[] {
  let offset = 0
  return sizes.map((size) => {
    const begin = x.shape.map((_, index) => (index === axis ? offset : 0))
    offset += size
    return slice(
      graph,
      x,
      begin,
      x.shape.map((extent, index) => (index === axis ? size : extent)),
    )
  })
}

function strided(shape: Shape, attributes: StridedSliceAttrs): ReturnType<typeof slice_util.sliceInfo> {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes
  return slice_util.sliceInfo([...shape], begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask)
}

function stridedSlice(graph: Graph, [x]: readonly Ir[], attributes: StridedSliceAttrs): Ir {
  const { begin, end, strides, finalShape } = strided(x.shape, attributes)
  const size = begin.map((from, axis) => Math.max(0, Math.ceil((end[axis] - from) / strides[axis])))
  return reshape(graph, slice(graph, x, begin, size, strides), finalShape)
}

const sliceSizes = (shape: Shape, begin: Shape, size: Shape): number[] =>
  shape.map((extent, axis) => (size[axis] === undefined || size[axis] === -1 ? extent - (begin[axis] ?? 0) : size[axis]))
const list = (value: number | Shape | undefined): Shape => (typeof value === 'number' ? [value] : (value ?? []))
const padded = ({ shape, dtype }: Facts, paddings: Paddings): Facts => ({
  shape: shape.map((extent, axis) => extent + paddings[axis][0] + paddings[axis][1]),
  dtype,
})

/** `symmetric` repeats the border element, `reflect` does not. */
function mirrorPad(
  graph: Graph,
  [x]: readonly Ir[],
  { paddings, mode }: { readonly paddings: Paddings; readonly mode: 'reflect' | 'symmetric' },
): Ir {
  if (mode === 'reflect')
    return pad(
      graph,
      x,
      paddings.map(([before]) => before),
      paddings.map(([, after]) => after),
      'reflect',
    )
  return paddings.reduce((padding, [before, after], axis) => {
    const extent = x.shape[axis]
    const order = Array.from({ length: before + extent + after }, (_, index) => {
      const position = index - before
      return position < 0 ? -position - 1 : position >= extent ? 2 * extent - position - 1 : position
    })
    const shape = padding.shape.map((size, index) => (index === axis ? order.length : size))
    return before + after === 0
      ? padding
      : graph.node(
          'Gather',
          [padding, graph.constant(Int32Array.from(order), [order.length], 'int32')],
          { shape, dtype: x.dtype },
          { axis },
        )
  }, x)
}

function reverse(graph: Graph, [x]: readonly Ir[], { dims }: { readonly dims: number | Shape }): Ir {
  const axes = x.shape.length === 0 ? [] : normalizeAxes(dims, x.shape.length)
  if (axes.length === 0) return x
  const begin = x.shape.map((extent, axis) => (axes.includes(axis) ? extent - 1 : 0))
  return slice(
    graph,
    x,
    begin,
    x.shape,
    x.shape.map((_, axis) => (axes.includes(axis) ? -1 : 1)),
  )
}

function tile(graph: Graph, [x]: readonly Ir[], { reps }: { readonly reps: Shape }): Ir {
  const shape = x.shape.map((extent, axis) => extent * reps[axis])
  if (x.shape.every((extent, axis) => extent === 1 || reps[axis] === 1)) return broadcastTo(graph, x, shape)
  return graph.node('Tile', [x], { shape, dtype: x.dtype }, { repeats: reps })
}

interface BlockAttributes {
  readonly blockShape: Shape
  readonly crops?: Paddings
  readonly paddings?: Paddings
}

/** Moves blocks of space into the batch axis (https://www.tensorflow.org/api_docs/python/tf/space_to_batch_nd). */
function spaceToBatch(graph: Graph, [x]: readonly Ir[], { blockShape, paddings = [] }: BlockAttributes): Ir {
  const count = blockShape.length
  const all = x.shape.map((_, axis) => paddings[axis - 1] ?? ([0, 0] as const))
  const whole = pad(
    graph,
    x,
    all.map(([before]) => before),
    all.map(([, after]) => after),
  )
  const [batch, ...rest] = whole.shape
  const split = [batch, ...blockShape.flatMap((block, index) => [rest[index] / block, block]), ...rest.slice(count)]
  const order = [
    ...blockShape.map((_, index) => 2 + 2 * index),
    0,
    ...blockShape.map((_, index) => 1 + 2 * index),
    ...rest.slice(count).map((_, index) => 1 + 2 * count + index),
  ]
  const shape = [batch * sizeOf(blockShape), ...blockShape.map((block, index) => rest[index] / block), ...rest.slice(count)]
  return reshape(graph, transpose(graph, reshape(graph, whole, split), order), shape)
}

function spaceToBatchShape({ shape, dtype }: Facts, { blockShape, paddings = [] }: BlockAttributes): Facts {
  return {
    shape: shape.map((extent, axis) => {
      if (axis === 0) return extent * sizeOf(blockShape)
      const padding = paddings[axis - 1]
      return padding === undefined ? extent : (extent + padding[0] + padding[1]) / blockShape[axis - 1]
    }),
    dtype,
  }
}

/** The inverse of {@link spaceToBatch}. */
function batchToSpace(graph: Graph, [x]: readonly Ir[], attributes: BlockAttributes): Ir {
  const { blockShape, crops = [] } = attributes
  const count = blockShape.length
  const [, ...rest] = x.shape
  const batch = x.shape[0] / sizeOf(blockShape)
  const order = [
    count,
    ...blockShape.flatMap((_, index) => [count + 1 + index, index]),
    ...rest.slice(count).map((_, index) => 2 * count + 1 + index),
  ]
  const shape = [batch, ...blockShape.map((block, index) => rest[index] * block), ...rest.slice(count)]
  const whole = reshape(graph, transpose(graph, reshape(graph, x, [...blockShape, batch, ...rest]), order), shape)
  const begin = shape.map((_, axis) => crops[axis - 1]?.[0] ?? 0)
  return slice(graph, whole, begin, batchToSpaceShape(x, attributes).shape)
}

function batchToSpaceShape({ shape, dtype }: Facts, { blockShape, crops = [] }: BlockAttributes): Facts {
  return {
    shape: shape.map((extent, axis) => {
      if (axis === 0) return extent / sizeOf(blockShape)
      const crop = crops[axis - 1]
      return crop === undefined ? extent : extent * blockShape[axis - 1] - crop[0] - crop[1]
    }),
    dtype,
  }
}

function depthToSpaceShape({ shape: [n, h, w, c], dtype }: Facts, block: number): Facts {
  return { shape: [n, h * block, w * block, c / (block * block)], dtype }
}

export const structureKernels: readonly KernelDefinition[] = [
  defineKernel<{ readonly shape: Shape }>(
    'Reshape',
    ['x'],
    ([x], { shape }) => ({ shape: resolveShape(x.shape, shape), dtype: x.dtype }),
    (graph, [x], { shape }) => reshape(graph, x, resolveShape(x.shape, shape)),
  ),
  defineKernel<{ readonly dim: number }>(
    'ExpandDims',
    ['input'],
    ([x], { dim }) => ({ shape: expandedShape(x, dim), dtype: x.dtype }),
    (graph, [x], { dim }) => reshape(graph, x, expandedShape(x, dim)),
  ),
  defineKernel<{ readonly perm: Shape }>(
    'Transpose',
    ['x'],
    ([x], { perm }) => ({ shape: perm.map((axis) => x.shape[axis]), dtype: x.dtype }),
    (graph, [x], { perm }) => transpose(graph, x, perm),
  ),
  defineKernel<{ readonly axis: number }>(
    'Concat',
    'list',
    (inputs, { axis }) => concatShape(inputs, axis),
    (graph, inputs, { axis }) => concat(graph, inputs, at(axis, inputs[0].shape.length)),
  ),
  defineKernel<{ readonly axis: number }>(
    'Pack',
    'list',
    (inputs, { axis }) => {
      const shape = expandedShape(inputs[0], axis)
      shape[at(axis, shape.length)] = inputs.length
      return { shape, dtype: inputs[0].dtype }
    },
    (graph, inputs, { axis }) =>
      concat(
        graph,
        inputs.map((input) => reshape(graph, input, expandedShape(input, axis))),
        at(axis, inputs[0].shape.length + 1),
      ),
  ),
  defineKernel<{ readonly axis: number }>(
    'Unpack',
    ['value'],
    ([x], { axis }) => {
      const along = at(axis, x.shape.length)
      return Array.from({ length: x.shape[along] }, () => ({ shape: x.shape.filter((_, index) => index !== along), dtype: x.dtype }))
    },
    (graph, [x], { axis }) => {
      const along = at(axis, x.shape.length)
      const shape = x.shape.filter((_, index) => index !== along)
      const ones = Array.from({ length: x.shape[along] }, () => 1)
      return parts(graph, x, along, ones).map((part) => reshape(graph, part, shape))
    },
  ),
  defineKernel<SplitAttributes>(
    'SplitV',
    ['x'],
    ([x], attributes) => {
      const along = at(attributes.axis, x.shape.length)
      return splitSizes(x, attributes).map((size) => ({
        shape: x.shape.map((extent, axis) => (axis === along ? size : extent)),
        dtype: x.dtype,
      }))
    },
    (graph, [x], attributes) => parts(graph, x, at(attributes.axis, x.shape.length), splitSizes(x, attributes)),
  ),
  defineKernel<{ readonly begin: number | Shape; readonly size?: number | Shape }>(
    'Slice',
    ['x'],
    ([x], { begin, size }) => ({ shape: sliceSizes(x.shape, list(begin), list(size)), dtype: x.dtype }),
    (graph, [x], { begin, size }) =>
      slice(
        graph,
        x,
        x.shape.map((_, axis) => list(begin)[axis] ?? 0),
        sliceSizes(x.shape, list(begin), list(size)),
      ),
  ),
  defineKernel<StridedSliceAttrs>(
    'StridedSlice',
    ['x'],
    ([x], attributes) => ({ shape: strided(x.shape, attributes).finalShape, dtype: x.dtype }),
    stridedSlice,
  ),
  defineKernel<{ readonly paddings: Paddings; readonly constantValue: number }>(
    'PadV2',
    ['x'],
    ([x], { paddings }) => padded(x, paddings),
    (graph, [x], { paddings, constantValue }) =>
      pad(
        graph,
        x,
        paddings.map(([before]) => before),
        paddings.map(([, after]) => after),
        'constant',
        constantValue,
      ),
  ),
  defineKernel<{ readonly paddings: Paddings; readonly mode: 'reflect' | 'symmetric' }>(
    'MirrorPad',
    ['x'],
    ([x], { paddings }) => padded(x, paddings),
    mirrorPad,
  ),
  defineKernel<{ readonly dims: number | Shape }>('Reverse', ['x'], ([x]) => x, reverse),
  defineKernel(
    'FlipLeftRight',
    ['image'],
    ([image]) => image,
    (graph, [image]) => reverse(graph, [image], { dims: 2 }),
  ),
  defineKernel<{ readonly reps: Shape }>(
    'Tile',
    ['x'],
    ([x], { reps }) => ({ shape: x.shape.map((extent, axis) => extent * reps[axis]), dtype: x.dtype }),
    tile,
  ),
  defineKernel<{ readonly shape: Shape }>(
    'BroadcastTo',
    ['x'],
    ([x], { shape }) => ({ shape, dtype: x.dtype }),
    (graph, [x], { shape }) => broadcastTo(graph, x, shape),
  ),
  defineKernel<BlockAttributes>('SpaceToBatchND', ['x'], ([x], attributes) => spaceToBatchShape(x, attributes), spaceToBatch),
  defineKernel<BlockAttributes>('BatchToSpaceND', ['x'], ([x], attributes) => batchToSpaceShape(x, attributes), batchToSpace),
  defineKernel<{ readonly blockSize: number }>(
    'DepthToSpace',
    ['x'],
    ([x], { blockSize }) => depthToSpaceShape(x, blockSize),
    (graph, [x], { blockSize: block }) => {
      const [n, h, w, c] = x.shape
      const blocks = reshape(graph, x, [n, h, w, block, block, c / (block * block)])
      return reshape(graph, transpose(graph, blocks, [0, 1, 3, 2, 4, 5]), depthToSpaceShape(x, block).shape)
    },
  ),
]

/** A shape in which -1 stands for what is left. */
function resolveShape(from: Shape, to: Shape): Shape {
  const known = to.reduce((product, extent) => (extent === -1 ? product : product * extent), 1)
  return to.map((extent) => (extent === -1 ? sizeOf(from) / known : extent))
}
