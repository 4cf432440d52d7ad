/**
 * Integers in the order of the floats: a float's bits as a signed integer, with the lower 31 bits flipped for negative numbers. -0 and 0 are equal.
 * NaN has no place in that order: look for it first.
 */
export function sortableKeys(values: Float32Array): Int32Array {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length)
  const keys = new Int32Array(values.length)
  for (let index = 0; index < keys.length; index++) {
    const value = bits[index]
    keys[index] = value === NEGATIVE_ZERO ? 0 : value ^ ((value >> 31) & 0x7fffffff)
  }
  return keys
}

const NEGATIVE_ZERO = -0x80000000

/** The float that a key stands for. */
export function scoreOfKey(key: number): number {
  converter.setInt32(0, key ^ ((key >> 31) & 0x7fffffff))
  return converter.getFloat32(0)
}

const converter = new DataView(new ArrayBuffer(4))
