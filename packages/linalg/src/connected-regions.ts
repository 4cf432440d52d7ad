/** The connected regions of a binary picture. */
export interface ConnectedRegions {
  /** `[height, width]`: 0 outside, else the region's number from 1, in the order of their first pixels. */
  readonly labels: Int32Array
  /** Pixels by region; the region numbered n is at n - 1. */
  readonly areas: Int32Array
}

/**
 * Labels the 8-connected regions of a mask: two passes with a union-find forest (Wu, Otoo and Suzuki 2009).
 * @param mask - `[height, width]`; everything but 0 is inside
 * @throws RangeError when the mask does not hold width x height values
 */
export function connectedRegions(mask: Uint8Array, width: number, height: number): ConnectedRegions {
  if (mask.length !== width * height) throw new RangeError(`a mask of ${width}x${height} has ${width * height} values, got ${mask.length}`)
  const labels = new Int32Array(mask.length)
  const parents = labelProvisionally(mask, labels, width, height)
  return renumber(labels, parents)
}

/** First pass: every pixel takes the smallest label among its four earlier neighbours, which then belong together. */
function labelProvisionally(mask: Uint8Array, labels: Int32Array, width: number, height: number): Int32Array {
  // No two provisional labels start in one 2x2 block.
  const parents = new Int32Array(Math.ceil(width / 2) * Math.ceil(height / 2) + 1)
  let count = 0
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x
      if (mask[pixel] === 0) continue
      let label = x > 0 ? labels[pixel - 1] : 0
      if (y > 0) {
        if (x > 0) label = join(parents, label, labels[pixel - width - 1])
        label = join(parents, label, labels[pixel - width])
        if (x < width - 1) label = join(parents, label, labels[pixel - width + 1])
      }
      if (label === 0) {
        label = ++count
        parents[label] = label
      }
      labels[pixel] = label
    }
  return parents.subarray(0, count + 1)
}

/** Makes two labels one; 0 is no label. */
function join(parents: Int32Array, a: number, b: number): number {
  if (a === 0 || a === b) return b === 0 ? a : b
  if (b === 0) return a
  const rootA = rootOf(parents, a)
  const rootB = rootOf(parents, b)
  const root = Math.min(rootA, rootB)
  parents[rootA] = root
  parents[rootB] = root
  return root
}

function rootOf(parents: Int32Array, label: number): number {
  let root = label
  while (parents[root] !== root) {
    parents[root] = parents[parents[root]]
    root = parents[root]
  }
  return root
}

/** Second pass: final labels without gaps, and areas. A root is the smallest label of its region, so it is met first. */
function renumber(labels: Int32Array, parents: Int32Array): ConnectedRegions {
  const final = new Int32Array(parents.length)
  let count = 0
  for (let label = 1; label < parents.length; label++) {
    const root = rootOf(parents, label)
    final[label] = root === label ? ++count : final[root]
  }
  const areas = new Int32Array(count)
  for (let pixel = 0; pixel < labels.length; pixel++) {
    if (labels[pixel] === 0) continue
    labels[pixel] = final[labels[pixel]]
    areas[labels[pixel] - 1]++
  }
  return { labels, areas }
}
