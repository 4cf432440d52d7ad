import type { AlgorithmContext, FeatureExtractor, ImageBatch, Prediction } from '@im-iad/core'
import { largestOfMaps, normalizedPixels, syncTensors, type TensorEngine } from '@im-iad/nn'
import type { Tensor3D } from '@tensorflow/tfjs-core'
import { anomalyMaps, cosineDistances } from './matching.ts'
import type { StpmParameters } from './parameters.ts'
import type { Student } from './student.ts'

export interface TeacherAndStudent {
  readonly parameters: StpmParameters
  readonly context: Pick<AlgorithmContext, 'measure'>
  readonly tf: TensorEngine
  readonly teacher: FeatureExtractor
  readonly student: Student
}

/** The product of the levels' cosine distances; a picture's score is the largest value of its map. */
export async function predictMaps(batch: ImageBatch, networks: TeacherAndStudent): Promise<Prediction> {
  const { tf, context } = networks
  const { count, height, width } = batch
  const distances = await context.measure('forward', () => levelDistances(batch, networks))
  const data = await context.measure('map', async () => {
    const maps = tf.tidy(() => anomalyMaps(tf, distances, batch))
    tf.dispose([...distances])
    const values = Float32Array.from(await maps.data())
    maps.dispose()
    return values
  })
  const maps = { height, width, data }
  return { scores: largestOfMaps(maps, count), maps }
}

async function levelDistances(batch: ImageBatch, { parameters, tf, teacher, student }: TeacherAndStudent): Promise<readonly Tensor3D[]> {
  const features = await teacher.extract(batch, parameters.levels)
  const { shape, data } = normalizedPixels(batch, student.normalization)
  const distances = tf.tidy(() => {
    const learned = student.forward(tf.tensor4d(data, shape), 'inference')
    return features.map(({ height, width, level, data: values }, index) =>
      cosineDistances(tf, tf.tensor4d(values, [batch.count, height, width, level.channels]), learned[index]),
    )
  })
  await syncTensors(tf, distances)
  return distances
}
