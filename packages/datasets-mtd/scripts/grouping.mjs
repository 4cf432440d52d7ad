/** Groups by a rule that looks at names, and groups that result from pairs. A grouping is the group's first index, by index. */

/** @typedef {import('./pictures.mjs').Picture} Picture */

/**
 * The rule of the names alone: consecutive captures of one class are one tile while the exposure rises and no more than `gap` captures lie between.
 * @param {readonly Picture[]} pictures by capture number
 * @param {number} gap
 * @returns {number[]}
 */
export function groupByName(pictures, gap) {
  const groups = []
  pictures.forEach((picture, i) => {
    const before = pictures[i - 1]
    const continues =
      before !== undefined &&
      before.folder === picture.folder &&
      picture.exposure > before.exposure &&
      picture.capture - before.capture <= gap
    groups.push(continues ? groups[i - 1] : i)
  })
  return groups
}

/** Everything that pairs connect is one group. @param {number} count @param {Iterable<readonly [number, number]>} pairs @returns {number[]} */
export function groupByPairs(count, pairs) {
  const parents = Array.from({ length: count }, (_, i) => i)
  const find = (/** @type {number} */ i) => {
    while (parents[i] !== i) i = parents[i]
    return i
  }
  for (const [left, right] of pairs) {
    const [first, second] = [find(left), find(right)].sort((a, b) => a - b)
    parents[second] = first
  }
  return parents.map((_, i) => find(i))
}

/** The members of each group, in the order of their first. @param {readonly number[]} groups @returns {number[][]} */
export function membersOf(groups) {
  /** @type {Map<number, number[]>} */
  const members = new Map()
  groups.forEach((group, i) => members.set(group, [...(members.get(group) ?? []), i]))
  return [...members.values()]
}
