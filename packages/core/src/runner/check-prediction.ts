import type { AlgorithmPlugin, Prediction } from '../contracts/algorithm.ts'
import { invalidPrediction } from '../errors/experiment-errors.ts'

/** @throws ImIadError IM_IAD_E_PREDICTION unless there is one finite score per picture and the declared maps */
export function checkPrediction(algorithm: AlgorithmPlugin, prediction: Prediction, count: number): void {
  const fail = (problem: string): never => {
    throw invalidPrediction(algorithm.id, problem)
  }
  const { scores, maps } = prediction
  if (!(scores instanceof Float32Array)) fail('"scores" is not a Float32Array')
  if (scores.length !== count) fail(`${scores.length} scores for ${count} pictures`)
  const badScore = scores.findIndex((score) => !Number.isFinite(score))
  if (badScore >= 0) fail(`score ${badScore} of the batch is ${scores[badScore]}`)
  if (algorithm.outputs === 'image') {
    if (maps !== undefined) fail('it returns maps but declares outputs "image"')
    return
  }
  if (maps === undefined) return fail('it declares outputs "image+pixel" but returns no maps')
  if (!(maps.data instanceof Float32Array)) fail('"maps.data" is not a Float32Array')
  if (maps.data.length !== count * maps.height * maps.width)
    fail(`maps of ${maps.data.length} values for ${count} pictures of ${maps.width}x${maps.height}`)
  if (!maps.data.every(Number.isFinite)) fail('an anomaly map holds a value that is not finite')
}
