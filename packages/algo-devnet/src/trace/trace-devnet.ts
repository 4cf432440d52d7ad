import {
  ImIadError,
  type FeatureExtractor,
  type GraphValue,
  type GraphWriter,
  type TracedFrames,
  type TracedLevel,
  type TracedPrediction,
} from '@im-iad/core'
import { notExportable, traceComputation } from '@im-iad/nn'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { FeatureNetwork } from '../body.ts'
import { explainFeatures, explainPictures, type Explanation } from '../explain.ts'
import type { DevNetModel } from '../model.ts'

/**
 * What `predict` does, in a graph, a picture at a time; gradients are written out as operations like any other.
 * @throws ImIadError IM_IAD_E_EXPORT when the backbone can't be written
 */
export async function traceDevNet(graph: GraphWriter, frames: TracedFrames, model: DevNetModel): Promise<TracedPrediction> {
  const { body } = model
  if (body.network !== null) return traceNetwork(graph, frames, model, body.network)
  if (body.kind === 'trained') throw new RangeError('a trained backbone has a network')
  return traceExtractor(graph, frames, model, body.extractor)
}

function traceNetwork(
  graph: GraphWriter,
  { value, height, width }: TracedFrames,
  model: DevNetModel,
  network: FeatureNetwork,
): TracedPrediction {
  const { tf } = model
  const { mean, std } = network.normalization
  const traced = traceComputation(tf, graph, { images: { value, shape: [1, height, width, 3] } }, ({ images }) =>
    named(explainPictures(model, network, tf.div<Tensor4D>(tf.sub(images, tf.tensor1d([...mean])), tf.tensor1d([...std])))),
  )
  return prediction(traced, height, width)
}

async function traceExtractor(
  graph: GraphWriter,
  { value, height, width }: TracedFrames,
  model: DevNetModel,
  extractor: FeatureExtractor,
): Promise<TracedPrediction> {
  const { tf, parameters } = model
  const levels: TracedLevel[] = []
  for (let scale = 0; scale < parameters.scales; scale++) {
    const step = 2 ** scale
    const frames = { value: everySecond(graph, value, { height, width, step }), height: height / step, width: width / step }
    const traced = await extractor.trace?.(graph, frames, [parameters.level])
    if (traced === undefined) throw notExportable('DevNet', `the backbone "${parameters.backbone}"`)
    if (traced.batch !== null && traced.batch !== 1) throw fixedBatch(parameters.backbone, traced.batch)
    levels.push(...traced.levels)
  }
  const inputs = Object.fromEntries(
    levels.map((level, scale) => [`scale${scale}`, { value: level.value, shape: [1, level.height, level.width, level.channels] }]),
  )
  const traced = traceComputation(tf, graph, inputs, (given) =>
    named(
      explainFeatures(
        model,
        levels.map((_, scale) => given[`scale${scale}`] as Tensor4D),
        height,
      ),
    ),
  )
  return prediction(traced, height, width)
}

function everySecond(
  graph: GraphWriter,
  value: GraphValue,
  { height, width, step }: { readonly height: number; readonly width: number; readonly step: number },
): GraphValue {
  if (step === 1) return value
  const [start, end, axes, steps] = [
    [0, 0],
    [height, width],
    [1, 2],
    [step, step],
  ].map((numbers) => graph.integers(...numbers))
  return graph.node('Slice', [value, start, end, axes, steps])
}

function named({ scores, maps }: Explanation): { readonly scores: Explanation['scores']; readonly maps: Explanation['maps'] } {
  return { scores, maps }
}

function prediction([scores, maps]: readonly GraphValue[], height: number, width: number): TracedPrediction {
  return { scores, maps: { height, width, value: maps }, batch: 1 }
}

function fixedBatch(backbone: string, batch: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_EXPORT',
    what: `this DevNet model can't be exported: its graph takes a picture at a time, the backbone "${backbone}" ${batch}`,
    fix: 'export the backbone for any number of pictures, or for one, and fit again',
  })
}
