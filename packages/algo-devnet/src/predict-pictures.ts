import type { AlgorithmContext, FeatureExtractor, ImageBatch, Prediction } from '@im-iad/core'
import { normalizedPixels, syncTensors } from '@im-iad/nn'
import type { FeatureNetwork } from './body.ts'
import { explainFeatures, explainPictures, type Explanation } from './explain.ts'
import { extractScales } from './extract-scales.ts'
import type { DevNetModel } from './model.ts'

/** Scores and maps of a batch; where the map is a gradient, both come from one run of the engine. */
export async function predictPictures(
  batch: ImageBatch,
  model: DevNetModel,
  { measure }: Pick<AlgorithmContext, 'measure'>,
): Promise<Prediction> {
  const { tf } = model
  const { scores, maps } = await measure('forward', async () => {
    const explanation = await explain(batch, model)
    await syncTensors(tf, [explanation.scores, explanation.maps])
    return explanation
  })
  // Copies: an engine may hand out memory that it writes to later.
  const data = await Promise.all([scores, maps].map(async (values) => Float32Array.from(await values.data())))
  tf.dispose([scores, maps])
  return { scores: data[0], maps: { height: batch.height, width: batch.width, data: data[1] } }
}

async function explain(batch: ImageBatch, model: DevNetModel): Promise<Explanation> {
  const { body } = model
  if (body.network !== null) return explainWithNetwork(batch, model, body.network)
  if (body.kind === 'trained') throw new RangeError('a trained backbone has a network')
  return explainExtracted(batch, model, body.extractor)
}

function explainWithNetwork(batch: ImageBatch, model: DevNetModel, network: FeatureNetwork): Explanation {
  const { tf } = model
  const { shape, data } = normalizedPixels(batch, network.normalization)
  return tf.tidy(() => explainPictures(model, network, tf.tensor4d(data, shape)))
}

async function explainExtracted(batch: ImageBatch, model: DevNetModel, extractor: FeatureExtractor): Promise<Explanation> {
  const { tf, parameters } = model
  const scales = await extractScales(extractor, batch, parameters.level, parameters.scales)
  return tf.tidy(() => {
    const features = scales.map(({ data, height, width, channels }) => tf.tensor4d(data, [batch.count, height, width, channels]))
    return explainFeatures(model, features, batch.height)
  })
}
