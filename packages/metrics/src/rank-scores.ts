import { emptyRanking, type Ranking } from './ranking.ts'

/**
 * Ranks image scores.
 * @param labels - 1 for positives, `[N]`
 * @param scores - `[N]`, without NaN
 */
export function rankScores(labels: Uint8Array, scores: Float32Array | Float64Array): Ranking {
  const order = Uint32Array.from(labels.keys()).sort((a, b) => scores[b] - scores[a])
  const distinct = [
    ...new Set(
      Array.from(order)
        .filter((index) => labels[index] === 1)
        .map((index) => scores[index] + 0),
    ),
  ]
  const positives = labels.reduce((sum, label) => sum + label, 0)
  const ranking = emptyRanking(Float64Array.from(distinct), { positives, negatives: labels.length - positives })
  let place = 0
  for (const index of order) {
    while (place < distinct.length && distinct[place] > scores[index]) place++
    if (place === distinct.length) break
    const tied = distinct[place] === scores[index]
    if (labels[index] === 0) (tied ? ranking.negativesAt : ranking.negativesAbove)[place]++
    else {
      ranking.positivesAt[place]++
      ranking.weightAt[place]++
    }
  }
  return ranking
}
