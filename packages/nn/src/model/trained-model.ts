import { join } from 'node:path'
import type { TensorEngine } from '../engines/engine-request.ts'
import type { Optimizer } from '../training/optimizer.ts'
import { notFitted, nothingToTrainOn } from './model-errors.ts'
import { loadNetworks, saveNetworks, type StoredNetwork, type StoredNetworks } from './model-files.ts'
import { optimizerMemory } from './optimizer-memory.ts'

/** A network that is kept in the model's file and ends with the model: a ParameterSet, core's TrainableBackbone. */
export interface ModelNetwork extends StoredNetwork {
  dispose(): void
}

/** What a trained model consists of. */
export interface TrainedModelParts {
  /** As a sentence names it: `STPM`. */
  readonly method: string
  /** What the file in the model's folder is called: `student.safetensors`. */
  readonly file: string
  readonly tf: TensorEngine
  /** By the names that they have in the file. Not all need be changed by the optimiser. */
  readonly networks: Readonly<Record<string, ModelNetwork>>
  /** Its moments and step counts are kept in the file too: a loaded model learns the next task as the saved one would have. */
  readonly optimizer: Optimizer
}

/** The part of core's FitRequest that is needed here. */
export interface FittedTask {
  readonly task: string
  readonly samples: { readonly length: number }
}

/** What is the same in the lives of all models that are trained; with `predict` and `trace` it makes an AlgorithmInstance of core. */
export interface TrainedModel {
  /** `fit`, of what it does: refuses a task without pictures, and the model is fitted once it is through. */
  fitBy<Request extends FittedTask>(train: (request: Request) => Promise<void>): (request: Request) => Promise<void>
  /** `predict` and `trace`, of what they do: rejected with IM_IAD_E_NOT_FITTED before the model has been fitted or loaded. */
  whenFitted<Given extends readonly unknown[], Result>(use: (...given: Given) => Promise<Result>): (...given: Given) => Promise<Result>
  save(directory: string): Promise<void>
  /** @throws ImIadError IM_IAD_E_MODEL when the file holds networks of other shapes */
  load(directory: string): Promise<void>
  /** Disposes of optimiser and networks. */
  dispose(): Promise<void>
}

/** The life of a trained model. A further task goes on with its networks and the optimiser's memory. */
export function createTrainedModel({ method, file, tf, networks, optimizer }: TrainedModelParts): TrainedModel {
  const stored: StoredNetworks = { ...networks, optimizer: optimizerMemory(tf, optimizer) }
  let isFitted = false
  const whenFitted: TrainedModel['whenFitted'] =
    (use) =>
    async (...given) => {
      if (!isFitted) throw notFitted(method)
      return use(...given)
    }
  return {
    fitBy: (train) => async (request) => {
      if (request.samples.length === 0) throw nothingToTrainOn(method, request.task)
      await train(request)
      isFitted = true
    },
    whenFitted,
    save: whenFitted((directory) => saveNetworks(join(directory, file), stored)),
    async load(directory) {
      await loadNetworks(method, join(directory, file), stored)
      isFitted = true
    },
    dispose() {
      optimizer.dispose()
      for (const network of Object.values(networks)) network.dispose()
      return Promise.resolve()
    },
  }
}
