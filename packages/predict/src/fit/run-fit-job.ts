import { join } from 'node:path'
import {
  loadPlugin,
  type AlgorithmInstance,
  type AlgorithmPlugin,
  type FitProgress,
  type InputGeometry,
  type TrainingSamples,
} from '@im-iad/core'
import {
  createStageClock,
  createTrainingSamples,
  openContext,
  readEngineReport,
  readFramed,
  type OpenedContext,
  type ReadableSample,
} from '@im-iad/core/machinery'
import { createFramePredictor, type FramePredictor, type FrameScore } from '../frame-predictor.ts'
import type { FitJob, FitOutcome, JobPicture } from './fit-job.ts'
import { keepMaps, type KeptMaps } from './kept-maps.ts'
import { collectMapValues, type MapValues } from './map-values.ts'
import { subsetSamples } from './subset-samples.ts'

export interface FitListener {
  readonly onProgress: (progress: FitProgress) => void
  readonly onLog: (line: string) => void
  readonly signal: AbortSignal
}

/** Pictures timed one by one, after two that warm up. */
const TIMED = 12
const BATCH = 8

/**
 * Fits and scores in this process: with cross-fitting a model per fold, each scoring the good pictures it has not seen, then the final model on all; with a split the final model alone. The final
 * model scores the bad pictures, which no model has seen, and is saved.
 */
export async function runFitJob(job: FitJob, listener: FitListener): Promise<FitOutcome> {
  const plugin = await loadPlugin({ ...job.algorithm, kind: 'algorithm' })
  const geometry = plugin.input(job.parameters)
  const readable = await openReadable(job)
  const all = createTrainingSamples({
    items: job.good.map(({ id }) => ({ id, label: 'normal', mask: false })),
    readable,
    geometry,
    supervision: plugin.supervision,
    withCategory: false,
    cacheFile: join(job.workDirectory, 'frames'),
  })
  const run: FitRun = {
    job,
    plugin,
    geometry,
    readable,
    all,
    listener,
    progress: shareProgress(job, listener),
    values: collectMapValues(),
    kept: keepMaps(job.workDirectory, job.keepGoodMaps),
    good: job.good.map(() => null),
  }
  try {
    if (job.heldOut === 'cross-fitting') for (let fold = 0; fold < job.folds; fold++) await crossFit(run, fold)
    return await fitFinal(run)
  } finally {
    await all.close()
  }
}

interface FitRun {
  readonly job: FitJob
  readonly plugin: AlgorithmPlugin
  readonly geometry: InputGeometry
  readonly readable: (id: string) => ReadableSample
  readonly all: TrainingSamples
  readonly listener: FitListener
  readonly progress: WorkProgress
  readonly values: MapValues
  readonly kept: KeptMaps
  readonly good: (number | null)[]
}

interface FittedAlgorithm {
  readonly instance: AlgorithmInstance
  readonly predictor: FramePredictor
  readonly opened: OpenedContext
}

async function crossFit(run: FitRun, fold: number): Promise<void> {
  const stage = `fold ${fold + 1} of ${run.job.folds}`
  await withFitted(
    run,
    stage,
    placesWhere(run.job, (own) => own !== fold),
    async ({ predictor }) =>
      judgeGood(
        run,
        predictor,
        placesWhere(run.job, (own) => own === fold),
        stage,
      ),
  )
}

async function fitFinal(run: FitRun): Promise<FitOutcome> {
  const { job } = run
  const isSplit = job.heldOut === 'split'
  const trained = placesWhere(job, (fold) => !isSplit || fold === -1)
  return withFitted(run, 'final model', trained, async ({ instance, predictor, opened }, fitSeconds) => {
    if (isSplit)
      await judgeGood(
        run,
        predictor,
        placesWhere(job, (fold) => fold === 0),
        'final model',
      )
    const bad = await judgeBad(run, predictor)
    const milliseconds = await timeOneByOne(run, predictor)
    await instance.save(job.algorithmDirectory)
    return {
      good: run.good,
      bad,
      heat: run.values.quantiles(),
      trained: trained.length,
      milliseconds,
      fitSeconds,
      notes: opened.notes(),
      engine: readEngineReport()?.libraries ?? null,
      maps: await run.kept.finish(),
    }
  })
}

function placesWhere({ good }: FitJob, wanted: (fold: number) => boolean): readonly number[] {
  return good.flatMap(({ fold }, place) => (wanted(fold) ? [place] : []))
}

async function withFitted<Result>(
  run: FitRun,
  stage: string,
  places: readonly number[],
  use: (fitted: FittedAlgorithm, fitSeconds: number) => Promise<Result>,
): Promise<Result> {
  const { job, plugin, geometry, listener } = run
  const opened = await openContext({
    seed: job.seed,
    threads: job.threads,
    textureDirectory: job.textureDirectory,
    scratchDirectory: join(job.workDirectory, 'scratch'),
    backbones: job.backbones,
    clock: createStageClock(),
    log: listener.onLog,
  })
  try {
    const instance = await plugin.create(job.parameters, opened.context)
    try {
      const start = performance.now()
      const begun = run.progress.begin(stage)
      await instance.fit({
        task: job.source.category,
        samples: subsetSamples(run.all, places),
        auxiliary: subsetSamples(run.all, []),
        checkpoint: { load: () => Promise.resolve(null), save: () => Promise.resolve() },
        onProgress: ({ fraction, stage: part }) => begun.at(fraction * places.length, part),
        signal: listener.signal,
      })
      begun.end(places.length)
      const fitted = { instance, predictor: createFramePredictor(plugin, instance, geometry), opened }
      return await use(fitted, (performance.now() - start) / 1000)
    } finally {
      await instance.dispose()
    }
  } finally {
    await opened.dispose()
  }
}

async function judgeGood(run: FitRun, predictor: FramePredictor, places: readonly number[], stage: string): Promise<void> {
  const judged = run.progress.begin(stage)
  for (let first = 0; first < places.length; first += BATCH) {
    run.listener.signal.throwIfAborted()
    const batch = places.slice(first, first + BATCH)
    const frames = await Promise.all(batch.map(async (place) => ({ pixels: (await run.all.at(place)).pixels, withMap: true })))
    for (const [index, { score, map }] of (await predictor.predict(frames)).entries()) {
      const place = batch[index] ?? 0
      run.good[place] = score
      if (map === null) continue
      run.values.add(map.data)
      run.kept.offerGood(run.job.good[place]?.id ?? '', score, map)
    }
    judged.at(first + batch.length, 'scoring held-out good pictures')
  }
  judged.end(places.length)
}

async function judgeBad(run: FitRun, predictor: FramePredictor): Promise<readonly number[]> {
  const judged = run.progress.begin('final model')
  const scores: number[] = []
  for (let first = 0; first < run.job.bad.length; first += BATCH) {
    run.listener.signal.throwIfAborted()
    const batch = run.job.bad.slice(first, first + BATCH)
    const frames = await Promise.all(batch.map(async (picture) => ({ pixels: await readFrame(run, picture), withMap: true })))
    for (const [index, { score, map }] of (await predictor.predict(frames)).entries()) {
      scores.push(score)
      if (map !== null) await run.kept.keepBad(batch[index]?.id ?? '', map)
    }
    judged.at(scores.length, 'scoring bad pictures')
  }
  judged.end(run.job.bad.length)
  return scores
}

/** From file to score, one picture at a time, as on a line. */
async function timeOneByOne(run: FitRun, predictor: FramePredictor): Promise<number> {
  const times: number[] = []
  for (const picture of [...run.job.bad, ...run.job.good].slice(0, TIMED + 2)) {
    run.listener.signal.throwIfAborted()
    const start = performance.now()
    const scored: readonly FrameScore[] = await predictor.predict([{ pixels: await readFrame(run, picture), withMap: false }])
    if (scored.length === 1) times.push(performance.now() - start)
  }
  const warm = (times.length > 2 ? times.slice(2) : times).toSorted((a, b) => a - b)
  return warm[Math.floor(warm.length / 2)] ?? 0
}

async function readFrame({ readable, geometry }: FitRun, { id }: JobPicture): Promise<Uint8Array> {
  return (await readFramed(readable(id), geometry)).pixels
}

/** Opens the dataset again and makes sure that every picture is the one that was planned with when it is read. */
async function openReadable({ source, good, bad }: FitJob): Promise<(id: string) => ReadableSample> {
  const plugin = await loadPlugin({ ...source.dataset, kind: 'dataset' })
  const samples = await (await plugin.open(source.root, source.parameters)).samples(source.category)
  const byId = new Map(samples.map((sample) => [sample.id, sample]))
  const planned = new Map([...good, ...bad].map(({ id, sha256 }) => [id, sha256]))
  return (id) => {
    const sample = byId.get(id)
    const sha256 = planned.get(id)
    if (sample === undefined || sha256 === undefined) throw new RangeError(`the dataset has no sample "${id}"`)
    return { sample, sha256, maskFingerprints: [] }
  }
}

interface WorkProgress {
  /** A piece of work of so many pictures, of which `done` are done. */
  readonly begin: (stage: string) => { readonly at: (done: number, part: string) => void; readonly end: (all: number) => void }
}

/** Progress by pictures fitted and scored; never falling. */
function shareProgress(job: FitJob, listener: FitListener): WorkProgress {
  const held = job.good.filter(({ fold }) => fold >= 0).length
  const fitted = job.heldOut === 'split' ? job.good.length - held : job.good.length + held * (job.folds - 1)
  const total = fitted + held + job.bad.length
  let before = 0
  return {
    begin: (stage) => ({
      at: (done, part) => listener.onProgress({ fraction: Math.min(1, (before + done) / total), stage: `${stage}: ${part}` }),
      end: (all) => {
        before += all
      },
    }),
  }
}
