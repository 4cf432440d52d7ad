import { join } from 'node:path'
import { isImIadError } from '@im-iad/errors'
import type { AlgorithmContext, AlgorithmInstance, FitProgress } from '../contracts/algorithm.ts'
import type { ProtocolStep, TestSet } from '../contracts/paradigm.ts'
import { storageFault } from '../errors/store-errors.ts'
import { writeFileAtomically } from '../store/atomic-write.ts'
import { experimentDirectory } from '../store/run-store.ts'
import type { EvaluationRecord, ExperimentRecord, KeptMap } from '../store/record.ts'
import { openAlgorithmContext, openCheckpoint } from './algorithm-context.ts'
import { openCompletedSteps, type CompletedSteps } from './completed-steps.ts'
import { computeMetrics, evaluationMetrics, summarizeEvaluations } from './compute-metrics.ts'
import { createRecord } from './create-record.ts'
import { fitStep } from './fit-step.ts'
import type { ExperimentJob } from './job.ts'
import { keepMaps } from './keep-maps.ts'
import { loadExperiment, type LoadedExperiment } from './load-experiment.ts'
import { predictSamples } from './predict-samples.ts'
import { scoreTable, type ScoreRow } from './score-table.ts'
import { writeSplitManifest } from './split-manifest.ts'
import { createStageClock, type StageClock } from './stage-clock.ts'
import { createStopwatch, type Stopwatch } from './stopwatch.ts'

/** Who is told what while an experiment runs. */
export interface ExperimentListener {
  readonly onProgress: (progress: FitProgress) => void
  readonly onLog: (message: string) => void
  readonly signal: AbortSignal
}

/**
 * Carries one experiment out in this process: protocol, then for every step fit, predict, metrics. Writes split.json, scores.csv and maps/ beside
 * where its record will be; the record itself is returned, and written by whoever holds the store's lock.
 * A failure becomes a record with status `failed`; only an abort, and a disk that can't be written, are thrown.
 */
export async function runExperiment(job: ExperimentJob, listener: ExperimentListener): Promise<ExperimentRecord> {
  const stopwatch = createStopwatch()
  const clock = createStageClock()
  try {
    const loaded = await loadExperiment(job)
    return await carryOut(loaded, listener, stopwatch, clock)
  } catch (error) {
    listener.signal.throwIfAborted()
    if (storageFault(error) !== null) throw error
    if (!isImIadError(error) && error instanceof Error) listener.onLog(error.stack ?? error.message)
    return createRecord(job, { status: 'failed', error }, stopwatch.measured(clock, job))
  }
}

async function carryOut(
  loaded: LoadedExperiment,
  listener: ExperimentListener,
  stopwatch: Stopwatch,
  clock: StageClock,
): Promise<ExperimentRecord> {
  const { job, protocol, algorithm } = loaded
  const splitHash = await writeSplitManifest(loaded)
  const opened = await openAlgorithmContext(job, clock, listener.onLog)
  const run: StepRun = { loaded, listener, stopwatch, clock, evaluations: [], scores: [], kept: [] }
  const completed = algorithm.learnsOnAfterLoading === true ? openCompletedSteps(job, splitHash, listener.onLog) : null
  try {
    const { instance, done } = await openModel(run, completed, opened.context)
    try {
      for (const [index, step] of protocol.steps.entries()) {
        if (index < done) continue
        await carryOutStep(run, instance, step, index)
        if (index + 1 < protocol.steps.length)
          await completed?.save({ steps: index + 1, evaluations: run.evaluations, scores: run.scores }, instance)
      }
    } finally {
      await instance.dispose()
    }
  } finally {
    await opened.dispose()
  }
  await writeFileAtomically(join(experimentDirectory(job.runDirectory, job.hash), 'scores.csv'), scoreTable(run.scores))
  const result = {
    status: 'done' as const,
    splitHash,
    leaky: protocol.leaky,
    notes: [...protocol.notes, ...opened.notes()],
    evaluations: run.evaluations,
    ...summarizeEvaluations(run.evaluations, loaded.metrics),
  }
  return createRecord(job, result, stopwatch.measured(clock, job))
}

interface StepRun {
  readonly loaded: LoadedExperiment
  readonly listener: ExperimentListener
  readonly stopwatch: Stopwatch
  readonly clock: StageClock
  readonly evaluations: EvaluationRecord[]
  readonly scores: ScoreRow[]
  kept: readonly KeptMap[]
}

/** A new model, or the one that a killed attempt had come to, with what it had measured. */
async function openModel(
  run: StepRun,
  completed: CompletedSteps | null,
  context: AlgorithmContext,
): Promise<{ readonly instance: AlgorithmInstance; readonly done: number }> {
  const { algorithm, job } = run.loaded
  const create = (): Promise<AlgorithmInstance> => algorithm.create(job.inputs.algorithm.parameters, context)
  const instance = await create()
  const kept = (await completed?.load()) ?? null
  if (kept === null) return { instance, done: 0 }
  try {
    await instance.load(kept.modelDirectory)
  } catch (error) {
    run.listener.onLog(`beginning again: the kept model can't be loaded: ${error instanceof Error ? error.message : String(error)}`)
    await instance.dispose()
    return { instance: await create(), done: 0 }
  }
  run.evaluations.push(...kept.completed.evaluations)
  run.scores.push(...kept.completed.scores)
  return { instance, done: kept.completed.steps }
}

async function carryOutStep(run: StepRun, instance: AlgorithmInstance, step: ProtocolStep, index: number): Promise<void> {
  const { loaded, listener, stopwatch } = run
  const progress = stepProgress(index, loaded.protocol.steps, listener)
  const checkpoint = openCheckpoint(loaded.job, index)
  await stopwatch.time('fit', () => fitStep({ loaded, instance, step, checkpoint, signal: listener.signal, onProgress: progress.fit }))
  for (const test of step.evaluate) await evaluate(run, instance, step, test, progress)
}

async function evaluate(
  run: StepRun,
  instance: AlgorithmInstance,
  step: ProtocolStep,
  test: TestSet,
  progress: StepProgress,
): Promise<void> {
  const { loaded, listener, stopwatch, clock } = run
  const { job, algorithm, metrics } = loaded
  const geometry = algorithm.input(job.inputs.algorithm.parameters)
  const samples = test.ids.map((id) => loaded.readable(id))
  const onProgress = (done: number): void => progress.predict(test.task, done / samples.length)
  const predicted = await stopwatch.time('predict', () =>
    predictSamples({ plugin: algorithm, instance, geometry, frame: job.inputs.frame, samples, clock, onProgress, signal: listener.signal }),
  )
  const { evaluation } = predicted
  const computed = await stopwatch.time('metrics', () => computeMetrics(evaluationMetrics(metrics), evaluation))
  const testAnomalous = evaluation.samples.filter((sample) => sample.label === 'anomalous').length
  const counts = { train: step.train.length, testNormal: evaluation.samples.length - testAnomalous, testAnomalous }
  run.evaluations.push({ afterTask: step.task, task: test.task, counts, ...computed })
  for (const [index, sample] of evaluation.samples.entries())
    run.scores.push({
      afterTask: step.task,
      task: test.task,
      sample: sample.id,
      label: sample.label,
      defect: sample.defect ?? '',
      score: evaluation.scores[index] ?? Number.NaN,
    })
  const directory = join(experimentDirectory(job.runDirectory, job.hash), 'maps')
  if (step === loaded.protocol.steps.at(-1))
    run.kept = await keepMaps({
      task: test.task,
      predicted,
      samples,
      retention: job.retention,
      geometry,
      frame: job.inputs.frame,
      directory,
      kept: run.kept,
    })
}

interface StepProgress {
  readonly fit: (progress: FitProgress) => void
  readonly predict: (task: string, fraction: number) => void
}

/** A step's share of the whole experiment: fitting half of it, predicting the other half; never falling. */
function stepProgress(index: number, { length }: readonly ProtocolStep[], listener: ExperimentListener): StepProgress {
  let reached = index / length
  const which = length === 1 ? '' : `task ${index + 1} of ${length}: `
  const report = (within: number, rest: Omit<FitProgress, 'fraction'>): void => {
    reached = Math.max(reached, (index + Math.min(1, within)) / length)
    listener.onProgress({ fraction: reached, ...rest, stage: which + rest.stage })
  }
  return {
    fit: ({ fraction, ...rest }) => report(fraction / 2, rest),
    predict: (task, fraction) => report(0.5 + fraction / 2, { stage: `predicting ${task}` }),
  }
}
