import { notAFraction, notAScore, noScores } from './errors.ts'

/** @throws ImIadError IM_IAD_E_THRESHOLD unless 0 < value < 1 */
export function checkFraction(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw notAFraction(name, value)
}

/** @throws ImIadError IM_IAD_E_THRESHOLD when there is none, or one that is not finite */
export function checkScores(whose: string, scores: ArrayLike<number>): void {
  if (scores.length === 0) throw noScores(whose)
  for (let index = 0; index < scores.length; index++) if (!Number.isFinite(scores[index])) throw notAScore(index, scores[index])
}
