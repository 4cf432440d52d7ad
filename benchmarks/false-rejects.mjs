import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  chooseAlgorithm,
  findInstalledPlugins,
  fitAlgorithm,
  loadModel,
  openPictures,
  preparePictures,
  scorePictures,
} from '@im-iad/predict'
import { arrangeFolder, findMtd } from './support/mtd-folders.mjs'

const GOAL = { rate: 0.01, confidence: 0.95 }
const SIZES = [
  { goodCount: 60, badCount: 12 },
  { goodCount: 400, badCount: 60 },
]
/** The promise does not depend on how good a model is, so the smallest one will do. */
const METHOD = { id: 'padim', budget: 'smoke' }
const signal = new AbortController().signal

/**
 * The stated rate of falsely rejected good pictures against the one seen on the rest of Magnetic Tile, over seeds.
 * @returns {Promise<{name: string, value: number, unit: string, target: string, details: object}>}
 */
export async function bench({ quick, log }) {
  const data = await findMtd()
  if (data === null) throw new Error('Magnetic Tile is not there: set IM_IAD_DATA to the folder that holds mtd/')
  const registry = findInstalledPlugins(import.meta.dirname)
  const scratch = mkdtempSync(join(tmpdir(), 'im-iad-false-rejects-'))
  const details = {}
  let broken = 0
  let seeds = 0
  try {
    for (const size of SIZES) {
      const runs = []
      for (let seed = 0; seed < (quick ? 3 : 20); seed++) {
        const run = await oneSeed({ data, registry, scratch, seed, ...size })
        log(`${size.goodCount} good, seed ${seed}: ${JSON.stringify(run)}`)
        runs.push(run)
      }
      const seen = runs.map((run) => run.seenRate).toSorted((a, b) => a - b)
      const exceeded = runs.filter((run) => run.seenRate > run.statedRate).length
      broken += exceeded
      seeds += runs.length
      details[`${size.goodCount} good and ${size.badCount} bad`] = {
        seeds: runs.length,
        statedRates: range(runs.map((run) => run.statedRate)),
        seenMean: mean(seen),
        seenMedian: seen[Math.floor(seen.length / 2)],
        seenLargest: seen.at(-1),
        exceeded,
        seenOnOtherTilesMean: mean(runs.map((run) => run.seenOnOtherTiles)),
        otherTiles: range(runs.map((run) => run.otherTiles)),
        restGood: range(runs.map((run) => run.restGood)),
        detectionOnFolderMean: mean(runs.map((run) => run.detectionStated)),
        detectionOnRestMean: mean(runs.map((run) => run.detectionSeen)),
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return {
    name: 'false-rejects',
    value: broken / seeds,
    unit: 'share of seeds above the stated rate',
    target: 'at most 0.05, up to chance',
    details,
  }
}

async function oneSeed({ data, registry, scratch, seed, goodCount, badCount }) {
  const { folder, restGood, otherTiles, restBad } = arrangeFolder(data, { goodCount, badCount, seed, folder: join(scratch, 'pictures') })
  const set = await openPictures({ registry, dataset: 'folder', root: folder, category: null, settings: [] })
  const prepared = await preparePictures(set, { goal: GOAL, seed, onProgress: () => undefined, signal })
  const chosen = await chooseAlgorithm({ registry, ...METHOD, settings: [] })
  const model = join(scratch, 'model')
  const fitted = await fitAlgorithm({
    prepared,
    chosen,
    goal: GOAL,
    budget: METHOD.budget,
    seed,
    folder: model,
    keepGoodMaps: 0,
    isolation: 'in-process',
    listener: { onProgress: () => undefined, onLog: () => undefined, signal },
  })
  await fitted.save()
  await fitted.close()
  const loaded = await loadModel(model, { registry })
  const rejected = await anomalousOf(loaded, restGood)
  const detectionSeen = (await anomalousOf(loaded, restBad)).length / restBad.length
  const seenRate = rejected.length / restGood.length
  const seenOnOtherTiles = rejected.filter((path) => otherTiles.has(path)).length / otherTiles.size
  await loaded.dispose()
  const { threshold } = fitted
  return {
    parts: threshold.count,
    supported: threshold.supported,
    statedRate: threshold.supported ? GOAL.rate : threshold.supportedRate,
    seenRate,
    seenOnOtherTiles,
    otherTiles: otherTiles.size,
    restGood: restGood.length,
    detectionStated: threshold.detection.rate,
    detectionSeen,
  }
}

async function anomalousOf(model, paths) {
  const anomalous = []
  for await (const scored of scorePictures(model, paths)) if (scored.decision === 'anomalous') anomalous.push(scored.path)
  return anomalous
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function range(values) {
  return [Math.min(...values), Math.max(...values)]
}
