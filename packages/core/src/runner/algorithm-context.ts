import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Checkpoint } from '../contracts/algorithm.ts'
import { writeFileAtomically } from '../store/atomic-write.ts'
import { workDirectory } from '../store/work-folder.ts'
import type { ExperimentJob } from './job.ts'
import { openContext, type OpenedContext, type PlacedBackbone } from './open-context.ts'
import type { StageClock } from './stage-clock.ts'

export function openAlgorithmContext(job: ExperimentJob, clock: StageClock, log: (message: string) => void): Promise<OpenedContext> {
  const backbones = job.inputs.backbones.flatMap((hashed): readonly PlacedBackbone[] => {
    const location = job.backbones[hashed.parameter]
    return location === undefined ? [] : [{ hashed, location }]
  })
  const { threads, textureDirectory } = job
  const scratchDirectory = join(workDirectory(job.runDirectory, job.hash), 'scratch')
  return openContext({ seed: job.inputs.seed, threads, textureDirectory, scratchDirectory, backbones, clock, log })
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
