import { codecOf, toFloat32, type ElementType } from './element-type.ts'

/** A tensor's place within a storage, in elements: element `[i, j, …]` is at `offset + i * strides[0] + j * strides[1] + …`. */
export interface StridedLayout {
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Elements of the storage from the tensor's first to its last: what must be read. 0 when the tensor is empty. */
export function spanOf({ shape, strides }: StridedLayout): number {
  if (elementCount(shape) === 0) return 0
  return 1 + shape.reduce((last, size, axis) => last + (size - 1) * (strides[axis] ?? 0), 0)
}

/** Puts a span of a storage into row-major order. A transposed, sliced or expanded tensor is stored with other strides; ignoring them scrambles it. */
export function gather(span: Uint8Array<ArrayBuffer>, layout: StridedLayout, type: ElementType): Float32Array {
  if (isRowMajor(layout)) return toFloat32(span, type)
  const { shape, strides } = layout
  const { bytes, at } = codecOf(type)
  const view = new DataView(span.buffer, span.byteOffset, span.length)
  const values = new Float32Array(elementCount(shape))
  let next = 0
  const copyAxis = (axis: number, place: number): void => {
    if (axis === shape.length) {
      values[next++] = at(view, place * bytes)
      return
    }
    const size = shape[axis] ?? 0
    const stride = strides[axis] ?? 0
    for (let index = 0; index < size; index++) copyAxis(axis + 1, place + index * stride)
  }
  if (values.length > 0) copyAxis(0, 0)
  return values
}

function isRowMajor({ shape, strides }: StridedLayout): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 0
    if (size === 0) return true
    if (size !== 1 && strides[axis] !== expected) return false
    expected *= size
  }
  return true
}
