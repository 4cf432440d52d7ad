import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import patchcore from '@im-iad/algo-patchcore'
import { computeMetrics, createEvaluation, createRandomSource, evaluationMetrics } from '@im-iad/core'
import { createTrainingSamples, fingerprintSamples, openFileHashes, readFramed } from '@im-iad/core/machinery'
import mtd from '@im-iad/datasets-mtd'
import { applyGeometryToMask, readImage } from '@im-iad/images'
import metrics from '@im-iad/metrics'
import unsupervised from '@im-iad/paradigm-unsupervised'
import { openStages } from './stage-seconds.mjs'

/**
 * PatchCore end to end on Magnetic Tile in a process of its own, so that its peak memory is PatchCore's: backbone and every how-many-th picture come as arguments, one JSON line goes out.
 * Every stage is seen from outside, through the algorithm's contract, so that other code is measured alike.
 */
const THREADS = 2
const PREDICTED_TOGETHER = 8
const [backbone, every] = [process.argv[2], Number(process.argv[3])]
const scratch = mkdtempSync(join(tmpdir(), 'im-iad-stages-'))
const stages = openStages()
try {
  await measure()
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

async function measure() {
  const { step, readable } = await splitPictures()
  const { value: parameters } = patchcore.parameters['~standard'].validate({ ...patchcore.budgets.laptop, backbone })
  const geometry = patchcore.input(parameters)
  const begun = performance.now()
  const model = await patchcore.create(parameters, context())
  stages.add('opening', performance.now() - begun)
  await fit(model, step.train, readable, geometry)
  const peakAfterFit = peakMegabytes()
  const predicted = await predict(model, step.evaluate[0].ids.map(readable), geometry)
  const evaluation = createEvaluation({
    samples: predicted.samples.map(({ id, label }) => ({ id, label })),
    scores: Float32Array.from(predicted.scores),
    maps: { kind: 'available', items: predicted.maps },
  })
  const computed = await stages.time('metrics', () => computeMetrics(evaluationMetrics(metrics), evaluation))
  await model.dispose()
  console.log(
    JSON.stringify({
      trained: step.train.length,
      tested: predicted.samples.length,
      seconds: stages.seconds(),
      totalSeconds: (performance.now() - begun) / 1000,
      peakMegabytes: { fit: peakAfterFit, all: peakMegabytes() },
      metrics: computed.metrics,
      scoreSum: predicted.scores.reduce((sum, score) => sum + score, 0),
    }),
  )
}

/** The grouped split of seed 0, thinned out. */
async function splitPictures() {
  const opened = await mtd.open(resolve(process.env.IM_IAD_DATA ?? '../shared/data', 'mtd'), {})
  const [category] = opened.categories
  const found = await fingerprintSamples(await opened.samples(category), await openFileHashes(scratch, 'mtd'))
  const byId = new Map(found.map(({ sample, facts, maskFingerprints }) => [sample.id, { sample, sha256: facts.sha256, maskFingerprints }]))
  const {
    steps: [whole],
  } = unsupervised.plan({
    parameters: unsupervised.parameters['~standard'].validate({}).value,
    category,
    categories: opened.categories,
    samples: found.map(({ facts }) => facts),
    random: createRandomSource(0, 'paradigm'),
  })
  const thin = (items) => items.filter((_, index) => index % every === 0)
  const [test] = whole.evaluate
  return {
    step: { ...whole, train: thin(whole.train), evaluate: [{ ...test, ids: thin(test.ids) }] },
    readable: (id) => byId.get(id),
  }
}

function context() {
  return {
    random: createRandomSource(0, 'algorithm'),
    backbone: openBackbone,
    threads: THREADS,
    workDirectory: scratch,
    textureDirectory: null,
    measure: (stage, work) => stages.time(`predict: ${stage}`, work),
    log: () => stages.mark('fit: coreset'),
  }
}

async function openBackbone(reference) {
  const { default: plugin } = await import(reference === 'embedded' ? '@im-iad/backbone-embedded' : '@im-iad/backbone-onnx')
  return plugin.open({ weightsFile: reference === 'embedded' ? null : reference, threads: THREADS })
}

/** Decoding is what `fit` waits for: the rest of the time it computes. Features end where the selection is announced, the selection with its last progress. */
async function fit(model, items, readable, geometry) {
  const samples = createTrainingSamples({
    items,
    readable,
    geometry,
    supervision: patchcore.supervision,
    withCategory: false,
    cacheFile: join(scratch, 'frames'),
  })
  const waiting = {
    ...samples,
    batches: (size) => stages.waitedFor('fit: decode', samples.batches(size)),
  }
  stages.mark('fit: features')
  await model.fit({
    task: 'mtd',
    samples: waiting,
    auxiliary: { ...samples, length: 0 },
    checkpoint: { load: async () => null, save: async () => undefined },
    onProgress: ({ fraction }) => fraction === 1 && stages.mark('fit: index'),
    signal: new AbortController().signal,
  })
  stages.mark(null)
  await samples.close()
}

async function predict(model, members, geometry) {
  const predicted = { samples: [], scores: [], maps: [] }
  for (let first = 0; first < members.length; first += PREDICTED_TOGETHER) {
    const part = members.slice(first, first + PREDICTED_TOGETHER)
    const frames = await stages.time('predict: decode', () => Promise.all(part.map((member) => readFramed(member, geometry))))
    const { width, height } = geometry.resize
    const pixels = new Uint8Array(part.length * width * height * 3)
    for (const [index, frame] of frames.entries()) pixels.set(frame.pixels, index * width * height * 3)
    const { scores, maps } = await stages.rest('predict: other', 'predict: ', () =>
      model.predict({ count: part.length, width, height, pixels }),
    )
    predicted.samples.push(...part.map(({ sample }) => sample))
    predicted.scores.push(...scores)
    for (const [index, { sample }] of part.entries()) {
      const map = maps.data.slice(index * width * height, (index + 1) * width * height)
      const regions = await stages.time('predict: masks', () => Promise.all(sample.masks.map((mask) => readRegion(mask, geometry))))
      predicted.maps.push({ width, height, map, mask: regions[0]?.mask ?? new Uint8Array(width * height), regions })
    }
  }
  return predicted
}

async function readRegion({ image }, geometry) {
  return { mask: applyGeometryToMask(await readImage(image.path), geometry), saturationArea: null }
}

function peakMegabytes() {
  return Math.round(process.resourceUsage().maxRSS / 1024)
}
