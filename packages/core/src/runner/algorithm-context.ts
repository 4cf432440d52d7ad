import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AlgorithmContext, Checkpoint } from '../contracts/algorithm.ts'
import type { FeatureExtractor } from '../contracts/backbone.ts'
import { weightsFingerprint } from '../backbone/locate-backbone.ts'
import { openFileHashes } from '../dataset/file-hashes.ts'
import { changedBackbone } from '../errors/backbone-errors.ts'
import { homeDirectory } from '../home/home-directory.ts'
import { createRandomSource } from '../random/random-source.ts'
import { loadPlugin } from '../registry/registry.ts'
import { writeFileAtomically } from '../store/atomic-write.ts'
import { workDirectory } from '../store/work-folder.ts'
import type { ExperimentJob } from './job.ts'
import type { StageClock } from './stage-clock.ts'

/** What an algorithm gets, and what is to be closed after it. Its scratch folder starts empty. */
export interface OpenedContext {
  readonly context: AlgorithmContext
  /** What the backbones have to say, a sentence each. */
  readonly notes: () => readonly string[]
  readonly dispose: () => Promise<void>
}

export async function openAlgorithmContext(job: ExperimentJob, clock: StageClock, log: (message: string) => void): Promise<OpenedContext> {
  const scratch = join(workDirectory(job.runDirectory, job.hash), 'scratch')
  await rm(scratch, { recursive: true, force: true })
  await mkdir(scratch, { recursive: true })
  const opened = new Map<string, Promise<FeatureExtractor>>()
  const notes = new Set<string>()
  const open = async (reference: string): Promise<FeatureExtractor> => {
    const extractor = await openBackbone(job, reference)
    for (const note of extractor.notes) notes.add(`backbone ${reference}: ${note}`)
    return extractor
  }
  return {
    context: {
      random: createRandomSource(job.inputs.seed, 'algorithm'),
      backbone(reference) {
        const extractor = opened.get(reference) ?? open(reference)
        opened.set(reference, extractor)
        return extractor
      },
      threads: job.threads,
      workDirectory: scratch,
      textureDirectory: job.textureDirectory,
      measure: (stage, work) => clock.time(stage, work),
      log,
    },
    notes: () => [...notes],
    async dispose() {
      const extractors = await Promise.allSettled(opened.values())
      for (const extractor of extractors) if (extractor.status === 'fulfilled') await extractor.value.dispose()
      await rm(scratch, { recursive: true, force: true })
    },
  }
}

async function openBackbone(job: ExperimentJob, reference: string): Promise<FeatureExtractor> {
  const hashed = job.inputs.backbones.find((backbone) => backbone.name === reference)
  const location = hashed === undefined ? undefined : job.backbones[hashed.parameter]
  if (location === undefined)
    throw new RangeError(`the algorithm asks for backbone "${reference}", which none of the parameters in its needs.backbones names`)
  const plugin = await loadPlugin({ ...location.plugin, kind: 'backbone' })
  const hashes = await openFileHashes(join(homeDirectory(), 'cache'), 'backbones')
  if ((await weightsFingerprint(plugin, location.weightsFile, hashes)) !== hashed?.sha256) throw changedBackbone(reference)
  return plugin.open({ weightsFile: location.weightsFile, threads: job.threads })
}

/** The checkpoint of one training step, kept under the experiment's work folder until the experiment ends. */
export function openCheckpoint(job: ExperimentJob, step: number): Checkpoint {
  const file = join(workDirectory(job.runDirectory, job.hash), `step-${step}.checkpoint`)
  return {
    load: () =>
      readFile(file).then(
        (bytes) => new Uint8Array(bytes),
        () => null,
      ),
    save: (bytes) => writeFileAtomically(file, bytes),
  }
}
