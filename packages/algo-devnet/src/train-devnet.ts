import type { FitRequest, RandomSource } from '@im-iad/core'
import {
  constant,
  featureBatch,
  pixelBatch,
  stepwise,
  trainTask,
  type BatchPosition,
  type FeatureFile,
  type Optimizer,
  type Schedule,
  type TensorEngine,
  type TrainingBatch,
} from '@im-iad/nn'
import type { Scalar, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import { balancedBatch, type LabelledIndices } from './balanced-batches.ts'
import { deviationLoss } from './deviation-loss.ts'
import type { DevNetModel } from './model.ts'
import { samplePrior } from './prior.ts'
import { rotatePicture } from './rotate-picture.ts'
import { meanOf, scalesOf, scoreOf } from './score.ts'
import { featuresOf, type FeatureNetwork } from './body.ts'
import { EXTRACTION_SHARE } from './store-features.ts'

/** Where a training's pictures come from. */
export type TrainingInput =
  | { readonly kind: 'pictures'; readonly network: FeatureNetwork }
  | { readonly kind: 'features'; readonly features: FeatureFile }

export interface DevNetTraining {
  readonly model: DevNetModel
  readonly optimizer: Optimizer
  readonly input: TrainingInput
  /** 1 for abnormal training pictures, 0 for normal ones. */
  readonly labels: readonly (0 | 1)[]
  readonly random: RandomSource
}

/** The norm that all gradients together are cut to (the authors' code). */
const LARGEST_NORM = 1

export async function trainDevNet(request: FitRequest, training: DevNetTraining): Promise<void> {
  const { model, optimizer, input, labels, random } = training
  const { tf, parameters, head } = model
  const { epochs, stepsPerEpoch, batchSize, sampling, decayEpochs, margin } = parameters
  const isBalanced = sampling === 'balanced'
  const statistics = input.kind === 'pictures' ? [...input.network.statistics] : []
  await trainTask(request, {
    tf,
    optimizer,
    statistics: new Map([...statistics, ...head.statistics]),
    schedule: decayEpochs === 0 ? constant : everyEpochs(decayEpochs, epochs),
    clipping: { by: 'norm', limit: LARGEST_NORM },
    epochs,
    sampleCount: isBalanced ? stepsPerEpoch * batchSize : labels.length,
    batchSize,
    lastBatch: 'keep',
    shuffle: isBalanced ? null : random.stream(`order of ${request.task}`),
    load: (position) => loadBatch(request, training, position),
    loss: (batch) =>
      deviationLoss(tf, {
        scores: trainingScores(tf, training, batch),
        labels: batch['labels'] as Tensor1D,
        prior: batch['prior'] as Tensor1D,
        margin,
      }) as Scalar,
    settings: parameters,
    seed: random.seed,
    progressFrom: input.kind === 'features' ? EXTRACTION_SHARE : 0,
  })
}

/** A tenth after every so many epochs. */
function everyEpochs(step: number, epochs: number): Schedule {
  return stepwise(
    Array.from({ length: Math.ceil(epochs / step) }, (_, index) => (index + 1) * step),
    0.1,
  )
}

async function loadBatch(request: FitRequest, training: DevNetTraining, position: BatchPosition): Promise<TrainingBatch> {
  const { model, labels, random } = training
  const { batchSize, sampling, prior } = model.parameters
  const { step } = position
  const indices = sampling === 'balanced' ? balancedBatch(step, batchSize, byLabel(labels), random, request.task) : position.indices
  const reference = prior === 'analytic' ? [0, 1] : samplePrior(random.stream(`prior of step ${step} of ${request.task}`))
  return {
    ...(await loadInput(request, training, indices, step)),
    labels: { shape: [indices.length], data: Float32Array.from(indices, (index) => labels[index]) },
    prior: { shape: [2], data: Float32Array.from(reference) },
  }
}

function byLabel(labels: readonly (0 | 1)[]): LabelledIndices {
  const places = (wanted: 0 | 1): readonly number[] => labels.flatMap((label, index) => (label === wanted ? [index] : []))
  return { normal: places(0), abnormal: places(1) }
}

async function loadInput(
  { samples, task }: FitRequest,
  { model, input, random }: DevNetTraining,
  indices: readonly number[],
  step: number,
): Promise<TrainingBatch> {
  if (input.kind === 'features') return featureBatch(input.features, indices, scaleName)
  const { normalization } = input.network
  if (!model.parameters.rotation) return { images: await pixelBatch(samples, indices, normalization) }
  const angles = random.stream(`rotation of step ${step} of ${task}`)
  const turned = indices.map((index) => ({ index, angle: 360 * angles.uniform() - 180 }))
  const source = {
    height: samples.height,
    width: samples.width,
    at: async (place: number) => {
      const { index, angle } = turned[place]
      return { pixels: rotatePicture((await samples.at(index)).pixels, samples.width, angle) }
    },
  }
  return { images: await pixelBatch(source, [...turned.keys()], normalization) }
}

const scaleName = (scale: number): string => `scale ${scale}`

function trainingScores(tf: TensorEngine, { model, input }: DevNetTraining, batch: Readonly<Record<string, Tensor>>): Tensor1D {
  const { parameters, head, body } = model
  const { scales, topShare } = parameters
  const features =
    input.kind === 'features'
      ? Array.from({ length: scales }, (_, scale) => batch[scaleName(scale)] as Tensor4D)
      : scalesOf(tf, batch['images'] as Tensor4D, scales).map((images) => featuresOf(input.network, body.level, images, 'training'))
  return meanOf(
    tf,
    features.map((scale) => scoreOf(tf, head.responses(scale), topShare)),
  )
}
