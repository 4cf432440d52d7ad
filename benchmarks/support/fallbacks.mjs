/** A kernel that the engine left to the slow cpu engine makes its time worthless. */
export function requireNoFallbacks(fallbacks) {
  const fallen = Object.entries(fallbacks).map(([kernel, count]) => `${kernel} ${count} times`)
  if (fallen.length > 0) throw new Error(`the onnxruntime engine left kernels to the cpu engine: ${fallen.join(', ')}`)
}
