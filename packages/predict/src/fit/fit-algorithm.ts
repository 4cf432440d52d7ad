import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FingerprintedSample } from '@im-iad/core/machinery'
import type { FalseRejectGoal } from '@im-iad/thresholds'
import type { ModelDescription, ModelThreshold } from '../model/description.ts'
import { MODEL_SCHEMA } from '../model/description.ts'
import { draftModel, type ModelDraft } from '../model/write-model-folder.ts'
import type { ChosenAlgorithm } from './choose-algorithm.ts'
import { fitInChild } from './fit-in-child.ts'
import type { FitJob, FitOutcome, JobPicture } from './fit-job.ts'
import type { PreparedPictures } from './prepare-pictures.ts'
import { runFitJob, type FitListener } from './run-fit-job.ts'
import { setThreshold } from './set-threshold.ts'
import { texturesOf, type TextureSet } from './open-textures.ts'

export interface FitAlgorithmRequest {
  readonly prepared: PreparedPictures
  readonly chosen: ChosenAlgorithm
  readonly goal: FalseRejectGoal
  readonly budget: string
  readonly seed: number
  /** Threads of native libraries; all cores when absent. */
  readonly threads?: number
  /** The user's, for an algorithm that can use some; it makes its own when absent. */
  readonly textures?: TextureSet | null
  /** Where the model will be. */
  readonly folder: string
  /** Good pictures whose maps are kept for a report; 0 keeps none. */
  readonly keepGoodMaps: number
  /** `in-process` is for debuggers: it can only be stopped between batches. */
  readonly isolation: 'child-process' | 'in-process'
  readonly listener: FitListener
}

/** A fitted model that is not in its place yet: either save it or discard it. */
export interface FittedAlgorithm {
  readonly outcome: FitOutcome
  readonly threshold: ModelThreshold
  /** Puts the model folder in its place. */
  readonly save: () => Promise<ModelDescription>
  /** Removes scratch files and, if it was not saved, the model. */
  readonly close: () => Promise<void>
}

/** Fits an algorithm, scores what judges it, and sets the threshold. */
export async function fitAlgorithm(request: FitAlgorithmRequest): Promise<FittedAlgorithm> {
  const { prepared, goal, listener } = request
  const draft = await draftModel(request.folder)
  const workDirectory = await mkdtemp(join(tmpdir(), 'im-iad-fit-'))
  const close = async (): Promise<void> => {
    await draft.discard()
    await rm(workDirectory, { recursive: true, force: true })
  }
  try {
    const job = fitJob(request, draft, workDirectory)
    const outcome = await (request.isolation === 'child-process' ? fitInChild(job, listener) : runFitJob(job, listener))
    const { parts, holdOut } = prepared
    const threshold = setThreshold({ good: outcome.good, bad: outcome.bad, parts, holdOut, goal })
    return {
      outcome,
      threshold,
      save: () => draft.finish(describe(request, outcome, threshold), request.chosen.backbones),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function fitJob(request: FitAlgorithmRequest, draft: ModelDraft, workDirectory: string): FitJob {
  const { prepared, chosen } = request
  const { holdOut, good, bad, set } = prepared
  return {
    algorithm: chosen.location,
    parameters: chosen.parameters,
    backbones: chosen.backbones,
    seed: request.seed,
    threads: request.threads ?? availableParallelism(),
    textureDirectory: texturesOf(chosen.plugin, request.textures)?.directory ?? null,
    source: set.source,
    good: good.map((picture, index) => ({ ...jobPicture(picture), fold: holdOut.foldOf[index] ?? -1 })),
    bad: bad.map(jobPicture),
    heldOut: holdOut.kind,
    folds: holdOut.folds,
    algorithmDirectory: draft.algorithmDirectory,
    workDirectory,
    keepGoodMaps: request.keepGoodMaps,
  }
}

function jobPicture({ facts }: FingerprintedSample): JobPicture {
  return { id: facts.id, sha256: facts.sha256 }
}

function describe(
  { prepared, chosen, budget, seed, textures }: FitAlgorithmRequest,
  outcome: FitOutcome,
  threshold: ModelThreshold,
): Omit<ModelDescription, 'files' | 'backbones'> {
  const { plugin, location, parameters } = chosen
  const { heat } = outcome
  return {
    format: 'im-iad-model',
    schema: MODEL_SCHEMA,
    algorithm: { id: plugin.id, package: location.package, version: location.version, revision: plugin.revision, parameters },
    input: plugin.input(parameters),
    textures: texturesOf(plugin, textures)?.sha256 ?? null,
    budget,
    engine: outcome.engine,
    seed,
    threshold,
    heldOutScores: outcome.good.filter((score) => score !== null).toSorted((a, b) => a - b),
    heat: heat === null || heat.high <= heat.median ? null : { min: heat.median, max: 2 * heat.high - heat.median },
    data: {
      fingerprint: prepared.set.fingerprint,
      good: prepared.good.length,
      bad: prepared.bad.length,
      trained: outcome.trained,
    },
    made: { at: new Date().toISOString(), node: process.version, platform: `${platform()}-${process.arch}` },
  }
}
