import { join } from 'node:path'
import type { AlgorithmContext, AlgorithmInstance } from '@im-iad/core'
import { createOptimizer, createTrainedModel, openTensorEngine } from '@im-iad/nn'
import type { Variable } from '@tensorflow/tfjs-core'
import { openBody } from './body.ts'
import { createHead } from './head.ts'
import type { DevNetModel } from './model.ts'
import type { DevNetParameters } from './parameters.ts'
import { predictPictures } from './predict-pictures.ts'
import { storeFeatures } from './store-features.ts'
import { trainDevNet } from './train-devnet.ts'
import { readLabels } from './training-labels.ts'
import { traceDevNet } from './trace/trace-devnet.ts'

export async function createDevNet(parameters: DevNetParameters, context: AlgorithmContext): Promise<AlgorithmInstance> {
  const tf = await openTensorEngine({ threads: context.threads })
  const { random } = context
  const body = await openBody(parameters, context)
  const head = createHead(tf, {
    channels: body.level.channels,
    hiddenChannels: parameters.hiddenChannels,
    standardized: body.kind === 'frozen',
    random: random.stream('head'),
  })
  const model: DevNetModel = { tf, parameters, body, head }
  const { learningRate, weightDecay } = parameters
  const optimizer = createOptimizer(tf, [{ variables: trainedVariables(model), settings: { kind: 'adam', learningRate, weightDecay } }])
  const networks = body.kind === 'trained' ? { backbone: body.network, head } : { head }
  const { fitBy, whenFitted, ...life } = createTrainedModel({ method: 'DevNet', file: 'devnet.safetensors', tf, networks, optimizer })
  let isStandardized = false
  return {
    ...life,
    /** A further task goes on with the weights and the optimiser's state of the one before (open-iad): it forgets. A frozen backbone's features stay standardised as in the first. */
    fit: fitBy(async (request) => {
      request.signal.throwIfAborted()
      const labels = await readLabels(request, parameters.permuteLabels ? random.stream(`permuted labels of ${request.task}`) : null)
      const training = { model, optimizer, labels, random }
      if (body.kind === 'trained') return trainDevNet(request, { ...training, input: { kind: 'pictures', network: body.network } })
      const file = join(context.workDirectory, 'devnet.features')
      const features = await storeFeatures(request, { model, extractor: body.extractor, labels, file, standardize: !isStandardized })
      isStandardized = true
      try {
        await trainDevNet(request, { ...training, input: { kind: 'features', features } })
      } finally {
        await features.close()
      }
    }),
    predict: whenFitted((batch) => predictPictures(batch, model, context)),
    trace: whenFitted((graph, frames) => traceDevNet(graph, frames, model)),
    async load(directory) {
      await life.load(directory)
      isStandardized = true
    },
    async dispose() {
      await life.dispose()
      if (body.kind === 'frozen') body.network?.dispose()
    },
  }
}

function trainedVariables({ parameters: { trained }, body, head }: DevNetModel): ReadonlyMap<string, Variable> {
  const prefixed = (prefix: string, variables: ReadonlyMap<string, Variable>): readonly (readonly [string, Variable])[] =>
    [...variables].map(([name, variable]) => [`${prefix}.${name}`, variable])
  return new Map([
    ...(body.kind === 'trained' ? prefixed('backbone', body.network.variables) : []),
    ...(trained === 'backbone' ? [] : prefixed('head', head.variables)),
  ])
}
