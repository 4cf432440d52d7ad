import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

const THIS = fileURLToPath(import.meta.url)

/**
 * Runs the plain greedy procedure (squared distances in float64, nothing skipped, lowest index first) from the first pick, in parallel over points, and compares every pick.
 * @param most how many picks are compared, from the first
 * @returns {Promise<{checked: string, mismatches: number, naiveSeconds: number}>}
 */
export async function findMismatch({ rows, columns, data }, allPicks, most) {
  const picks = allPicks.subarray(0, most)
  const start = performance.now()
  const shared = new Float32Array(new SharedArrayBuffer(data.byteLength))
  shared.set(data)
  const lanes = availableParallelism()
  const workers = Array.from({ length: lanes }, (_, lane) => {
    const bounds = [Math.floor((rows * lane) / lanes), Math.floor((rows * (lane + 1)) / lanes)]
    return new Worker(THIS, { workerData: { shared, columns, from: bounds[0], to: bounds[1] } })
  })
  let mismatches = 0
  let pick = picks[0]
  for (let place = 1; place < picks.length; place++) {
    const answers = await Promise.all(workers.map((worker) => ask(worker, pick)))
    const farthest = answers.reduce((best, answer) => (answer.distance > best.distance ? answer : best))
    if (farthest.index !== picks[place]) mismatches++
    pick = farthest.index
  }
  await Promise.all(workers.map((worker) => worker.terminate()))
  return {
    checked: picks.length === allPicks.length ? `all ${picks.length} picks` : `the first ${picks.length} picks`,
    mismatches,
    naiveSeconds: (performance.now() - start) / 1000,
  }
}

function ask(worker, pick) {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners()
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.postMessage(pick)
  })
}

if (!isMainThread && workerData?.shared !== undefined) {
  const { shared, columns, from, to } = workerData
  const distances = new Float64Array(to - from).fill(Infinity)
  parentPort.on('message', (pick) => {
    let best = { index: from, distance: -1 }
    for (let point = from; point < to; point++) {
      let sum = 0
      for (let column = 0; column < columns; column++) {
        const difference = shared[point * columns + column] - shared[pick * columns + column]
        sum += difference * difference
      }
      if (sum < distances[point - from]) distances[point - from] = sum
      if (distances[point - from] > best.distance) best = { index: point, distance: distances[point - from] }
    }
    parentPort.postMessage(best)
  })
}
