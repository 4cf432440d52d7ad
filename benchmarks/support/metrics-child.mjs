import { areaUnderOverlap, areaUnderRoc, averagePrecision, rankPixels } from '@im-iad/metrics'
import { randomMaps } from './random-maps.mjs'

/** Times the metrics in a process of its own, so that its peak memory is theirs: count, size and rounds come as arguments, one JSON line goes out. */
const [count, size, rounds] = process.argv.slice(2).map(Number)
const items = randomMaps({ count, size })
const times = []
let values = {}
for (let round = 0; round < rounds; round++) {
  const start = performance.now()
  const ranking = rankPixels(items)
  values = { auroc: areaUnderRoc(ranking), ap: averagePrecision(ranking), aupro: areaUnderOverlap(ranking, ranking.regions) }
  times.push((performance.now() - start) / 1000)
}
console.log(JSON.stringify({ times, values, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) }))
