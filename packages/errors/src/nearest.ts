import leven from 'leven'

/**
 * The name among `known` that a mistyped `name` most likely meant, or `undefined` when none is close:
 * at most a third of the letters (and at least two) may differ by the Levenshtein distance.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(2, Math.ceil(name.length / 3)) + 1
  for (const candidate of known) {
    const distance = leven(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}
