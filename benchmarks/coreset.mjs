import { selectKCenters } from '@im-iad/linalg'
import { createMatrixProduct } from '@im-iad/onnx'
import { findMismatch } from './support/naive-centers.mjs'
import { realPatchFeatures, uniformNumbers } from './support/point-sets.mjs'

const START = { kind: 'point', index: 0 }

/**
 * Seconds for greedy k-center selection of 1 % and 10 % of 100,000 points: real patch features (152-dimensional, where data and weights are there) and uniform random numbers
 * (1024-dimensional). Picks are checked against a plain float64 greedy run from the same start (`--quick`: the first 200; of the wide points the first 1,500).
 */
export async function bench({ quick, log }) {
  const product = await createMatrixProduct({ threads: 2 })
  const details = []
  for (const { name, points, missing } of [await realPatchFeatures(100_000, log), uniformNumbers(100_000, 1024)]) {
    if (points === null) {
      log(`${name}: skipped, ${missing}`)
      details.push({ data: name, skipped: missing })
      continue
    }
    for (const share of [0.01, 0.1]) {
      const count = Math.round(points.rows * share)
      const start = performance.now()
      const picks = await selectKCenters({ points, count, start: START, product })
      const seconds = (performance.now() - start) / 1000
      // The plain procedure takes twenty minutes for 10 % of the wide points: there the first picks have to do.
      const most = quick ? 200 : points.columns > 512 ? 1500 : picks.length
      const checked = await findMismatch(points, picks, most)
      details.push({ data: name, picks: count, seconds, ...checked, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) })
      log(JSON.stringify(details.at(-1)))
    }
  }
  await product.dispose()
  return {
    name: 'coreset',
    value: details.at(-1).seconds,
    unit: 's',
    target: 'seconds; anomalib with random projection takes 76 s and about 20 minutes',
    details,
  }
}
