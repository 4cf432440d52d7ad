import { join } from 'node:path'
import type { AlgorithmInstance, Checkpoint, FitProgress } from '../contracts/algorithm.ts'
import type { ProtocolStep, TrainingItem } from '../contracts/paradigm.ts'
import { workDirectory } from '../store/work-folder.ts'
import type { LoadedExperiment } from './load-experiment.ts'
import { createTrainingSamples } from './training-samples.ts'

export interface FitStepRequest {
  readonly loaded: LoadedExperiment
  readonly instance: AlgorithmInstance
  readonly step: ProtocolStep
  readonly checkpoint: Checkpoint
  readonly onProgress: (progress: FitProgress) => void
  readonly signal: AbortSignal
}

/** One call of `fit`, with the samples that the step trains on and, where the algorithm asks for them, those of other categories. */
export async function fitStep({ loaded, instance, step, checkpoint, onProgress, signal }: FitStepRequest): Promise<void> {
  const { algorithm, job } = loaded
  const open = (items: readonly TrainingItem[], withCategory: boolean): ReturnType<typeof createTrainingSamples> =>
    createTrainingSamples({
      items,
      readable: loaded.readable,
      geometry: algorithm.input(job.inputs.algorithm.parameters),
      supervision: algorithm.supervision,
      withCategory,
      cacheFile: join(workDirectory(job.runDirectory, job.hash), 'scratch', withCategory ? 'auxiliary.frames' : 'train.frames'),
    })
  const samples = open(step.train, false)
  const auxiliary = open(algorithm.needs.otherCategories === true ? step.auxiliary : [], true)
  try {
    await instance.fit({ task: step.task, samples, auxiliary, checkpoint, onProgress, signal })
  } finally {
    await samples.close()
    await auxiliary.close()
  }
}
