import { join } from 'node:path'
import type { AlgorithmContext, AlgorithmInstance, FeatureExtractor, FeatureLevel } from '@im-iad/core'
import { createOptimizer, createTrainedModel, notExportable, openTensorEngine } from '@im-iad/nn'
import { unknownStride } from './errors.ts'
import { openStudent } from './open-student.ts'
import type { StpmParameters } from './parameters.ts'
import { predictMaps } from './predict-maps.ts'
import { openTeacherFeatures } from './teacher-features.ts'
import { traceStpm } from './trace/trace-stpm.ts'
import { trainStudent } from './train-student.ts'

export async function createStpm(parameters: StpmParameters, context: AlgorithmContext): Promise<AlgorithmInstance> {
  const tf = await openTensorEngine({ threads: context.threads })
  const teacher = await context.backbone(parameters.backbone)
  const student = await openStudent(tf, parameters, matchedLevels(teacher, parameters), context)
  const { learningRate, momentum, weightDecay } = parameters
  const settings = { kind: 'sgd', learningRate, momentum, weightDecay } as const
  const optimizer = createOptimizer(tf, [{ variables: student.variables, settings }])
  const parts = { parameters, context, tf, teacher, student, optimizer }
  const file = 'student.safetensors'
  const { fitBy, whenFitted, ...life } = createTrainedModel({ method: 'STPM', file, tf, networks: { student }, optimizer })
  return {
    ...life,
    /** A further task goes on with the student, its running statistics and the momentum of the one before (open-iad): it forgets. */
    fit: fitBy(async (request) => {
      const store = join(context.workDirectory, 'teacher.features')
      const features = await openTeacherFeatures(teacher, request.samples, parameters.levels, store)
      try {
        await trainStudent(request, { ...parts, features })
      } finally {
        await features.close()
      }
    }),
    predict: whenFitted((batch) => predictMaps(batch, parts)),
    trace: whenFitted(async (graph, frames) => {
      const features = await teacher.trace?.(graph, frames, parameters.levels)
      if (features === undefined) throw notExportable('STPM', `the backbone "${parameters.backbone}"`)
      if (student.trace === null) throw notExportable('STPM', `the trainable form of the backbone "${parameters.backbone}"`)
      return traceStpm(graph, { frames, teacher: features, student: await student.trace(graph, frames) })
    }),
  }
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
