import { allocate, type Facts, type Values } from './facts.ts'

/**
 * How a tensor of four axes lies in memory. tfjs counts axes NHWC (values) and HWIO (filters): that is `logical`. ONNX Runtime wants NCHW and OIHW. Tensors of
 * other ranks are always `logical`.
 */
export type Layout = 'logical' | 'channels-first' | 'filter-first'

/** `ORDER[layout][i]` is the logical axis that lies at physical axis `i`. */
const ORDER = { logical: [0, 1, 2, 3], 'channels-first': [0, 3, 1, 2], 'filter-first': [3, 2, 0, 1] } as const

export const LAYOUTS: readonly Layout[] = ['logical', 'channels-first', 'filter-first']

/** Logical axes in the order of memory. */
export function orderOf(layout: Layout, rank: number): readonly number[] {
  return layout === 'logical' || rank !== 4 ? Array.from({ length: rank }, (_, axis) => axis) : ORDER[layout]
}

/** Extents in the order of memory. */
export function physicalShape(shape: readonly number[], layout: Layout): readonly number[] {
  return layout === 'logical' || shape.length !== 4 ? shape : ORDER[layout].map((axis) => shape[axis])
}

/** The permutation, in ONNX's sense, that takes a tensor from one layout to another. */
export function permutation(from: Layout, to: Layout, rank: number): readonly number[] {
  const source = orderOf(from, rank)
  return orderOf(to, rank).map((axis) => source.indexOf(axis))
}

/** Whether permuting moves no element: the axes longer than 1 keep their order. */
export function movesNothing(shape: readonly number[], order: readonly number[]): boolean {
  const long = order.filter((axis) => shape[axis] !== 1)
  return long.every((axis, index) => index === 0 || axis > long[index - 1])
}

/** Whether both layouts put a tensor of this shape into the same order. */
export function sameBytes(shape: readonly number[], a: Layout, b: Layout): boolean {
  return a === b || shape.length !== 4 || movesNothing(physicalShape(shape, a), permutation(a, b, 4))
}

/** Elements in another layout; the same array where nothing moves. */
export function convertLayout(values: Values, { shape, dtype }: Facts, from: Layout, to: Layout): Values {
  if (sameBytes(shape, from, to)) return values
  const source = physicalShape(shape, from)
  const order = permutation(from, to, 4)
  const strides = [source[1] * source[2] * source[3], source[2] * source[3], source[3], 1]
  const [s0, s1, s2, s3] = order.map((axis) => strides[axis])
  const [d0, d1, d2, d3] = order.map((axis) => source[axis])
  const target = allocate(dtype, values.length)
  let index = 0
  for (let i = 0; i < d0; i++)
    for (let j = 0; j < d1; j++)
      for (let k = 0; k < d2; k++) for (let l = 0, at = i * s0 + j * s1 + k * s2; l < d3; l++, at += s3) target[index++] = values[at]
  return target
}
