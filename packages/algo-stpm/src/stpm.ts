import { join } from 'node:path'
import type {
  AlgorithmContext,
  AlgorithmInstance,
  FeatureExtractor,
  FeatureLevel,
  FitRequest,
  GraphWriter,
  ImageBatch,
  Prediction,
  TracedFrames,
  TracedPrediction,
} from '@im-iad/core'
import {
  createOptimizer,
  loadNetworks,
  notExportable,
  notFitted,
  nothingToTrainOn,
  openTensorEngine,
  optimizerMemory,
  saveNetworks,
  type Optimizer,
  type StoredNetworks,
  type TensorEngine,
} from '@im-iad/nn'
import { unknownStride } from './errors.ts'
import { openStudent } from './open-student.ts'
import type { StpmParameters } from './parameters.ts'
import { predictMaps } from './predict-maps.ts'
import type { Student } from './student.ts'
import { openTeacherFeatures } from './teacher-features.ts'
import { traceStpm } from './trace/trace-stpm.ts'
import { trainStudent } from './train-student.ts'

const FILE = 'student.safetensors'

export async function createStpm(parameters: StpmParameters, context: AlgorithmContext): Promise<AlgorithmInstance> {
  const tf = await openTensorEngine({ threads: context.threads })
  const teacher = await context.backbone(parameters.backbone)
  const student = await openStudent(tf, parameters, matchedLevels(teacher, parameters), context)
  return new Stpm({ parameters, context, tf, teacher, student })
}

function matchedLevels({ levels }: FeatureExtractor, { levels: strides }: StpmParameters): readonly FeatureLevel[] {
  return strides.map((stride) => {
    const level = levels.find((candidate) => candidate.stride === stride)
    if (level !== undefined) return level
    throw unknownStride(
      stride,
      'the backbone',
      levels.map((known) => known.stride),
    )
  })
}

interface Parts {
  readonly parameters: StpmParameters
  readonly context: AlgorithmContext
  readonly tf: TensorEngine
  readonly teacher: FeatureExtractor
  readonly student: Student
}

class Stpm implements AlgorithmInstance {
  readonly #parts: Parts
  readonly #optimizer: Optimizer
  #isFitted = false

  constructor(parts: Parts) {
    this.#parts = parts
    const { learningRate, momentum, weightDecay } = parts.parameters
    this.#optimizer = createOptimizer(parts.tf, [
      { variables: parts.student.variables, settings: { kind: 'sgd', learningRate, momentum, weightDecay } },
    ])
  }

  /** A further task goes on with the student, its running statistics and the momentum of the one before (open-iad): it forgets. */
  async fit(request: FitRequest): Promise<void> {
    if (request.samples.length === 0) throw nothingToTrainOn('STPM', request.task)
    const { context, teacher, parameters } = this.#parts
    const file = join(context.workDirectory, 'teacher.features')
    const features = await openTeacherFeatures(teacher, request.samples, parameters.levels, file)
    try {
      await trainStudent(request, { ...this.#parts, optimizer: this.#optimizer, features })
    } finally {
      await features.close()
    }
    this.#isFitted = true
  }

  async predict(batch: ImageBatch): Promise<Prediction> {
    this.#requireFitted()
    return predictMaps(batch, this.#parts)
  }

  async save(directory: string): Promise<void> {
    this.#requireFitted()
    await saveNetworks(join(directory, FILE), this.#stored())
  }

  async load(directory: string): Promise<void> {
    await loadNetworks('STPM', join(directory, FILE), this.#stored())
    this.#isFitted = true
  }

  async trace(graph: GraphWriter, frames: TracedFrames): Promise<TracedPrediction> {
    this.#requireFitted()
    const { teacher, student, parameters } = this.#parts
    const features = await teacher.trace?.(graph, frames, parameters.levels)
    if (features === undefined) throw notExportable('STPM', `the backbone "${parameters.backbone}"`)
    if (student.trace === null) throw notExportable('STPM', `the trainable form of the backbone "${parameters.backbone}"`)
    return traceStpm(graph, { frames, teacher: features, student: await student.trace(graph, frames) })
  }

  dispose(): Promise<void> {
    this.#optimizer.dispose()
    this.#parts.student.dispose()
    return Promise.resolve()
  }

  /** The momentum too: a loaded model learns the next task as the saved one would have. */
  #stored(): StoredNetworks {
    return { student: this.#parts.student, optimizer: optimizerMemory(this.#parts.tf, this.#optimizer) }
  }

  #requireFitted(): void {
    if (!this.#isFitted) throw notFitted('STPM')
  }
}
