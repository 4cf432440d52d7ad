/** The largest value of every map, which is a picture's score in many methods; `traceLargest` does it in a graph. */
export function largestOfMaps(
  { height, width, data }: { readonly height: number; readonly width: number; readonly data: Float32Array },
  count: number,
): Float32Array {
  const plane = height * width
  return Float32Array.from({ length: count }, (_, image) =>
    data.subarray(image * plane, (image + 1) * plane).reduce((largest, value) => Math.max(largest, value), -Infinity),
  )
}
