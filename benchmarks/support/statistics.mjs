/** @param {readonly number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** Seconds that a piece of work takes. */
export async function seconds(work) {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
