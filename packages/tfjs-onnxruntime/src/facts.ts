/** The element types of this backend; `bool` is a byte of 0 or 1. */
export type ElementType = 'float32' | 'int32' | 'bool'

/** The elements of a tensor in row-major order of its layout. */
export type Values = Float32Array | Int32Array | Uint8Array

/** What is known of a tensor before it is computed. */
export interface Facts {
  readonly shape: readonly number[]
  readonly dtype: ElementType
}

/** The number of elements. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1
  for (const extent of shape) size *= extent
  return size
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis])
}

/**
 * The shape that two operands broadcast to, aligned at the last axis (NumPy's rule).
 * @throws RangeError when an axis has two extents of which neither is 1
 */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[a.length - rank + axis] ?? 1
    const right = b[b.length - rank + axis] ?? 1
    if (left !== right && left !== 1 && right !== 1) throw new RangeError(`shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast`)
    return left === 1 ? right : left
  })
}

/** Axes counted from 0, ascending; all of them when none are named. */
export function normalizeAxes(axes: number | readonly number[] | null | undefined, rank: number): number[] {
  if (axes === null || axes === undefined) return Array.from({ length: rank }, (_, axis) => axis)
  const list = typeof axes === 'number' ? [axes] : [...axes]
  return list.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b)
}

/** Room for `size` elements. */
export function allocate(dtype: ElementType, size: number): Values {
  if (dtype === 'float32') return new Float32Array(size)
  return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size)
}
