import { join } from 'node:path'
import { createOptimizer, createResidualNetwork, describeEngine, openTensorEngine, readFallbacks, RESNET18, train } from '@im-iad/nn'
import { readSafetensors } from '@im-iad/weights'
import { answerLines, processorSeconds } from './line-process.mjs'

// Training steps in an engine: train-step-child.mjs FOLDER THREADS ENGINE. Each line of input asks for steps.
const [folder, threads, engine] = process.argv.slice(2)
const tf = await openTensorEngine({ engine, threads: Number(threads) })
const network = createResidualNetwork(tf, {
  architecture: RESNET18,
  through: 'layer3',
  weights: await readSafetensors(join(folder, 'weights.safetensors')),
  use: 'trainable',
})
const images = (await readSafetensors(join(folder, 'images-8.safetensors'))).get('images')
const optimizer = createOptimizer(tf, [{ variables: network.variables, settings: { kind: 'adam', learningRate: 1e-4 } }])

await answerLines({ version: await describeEngine(tf) }, async ({ steps }) => {
  const [seconds, losses] = [[], []]
  const start = processorSeconds()
  let last = performance.now()
  await train({
    tf,
    optimizer,
    statistics: network.parameters.statistics,
    epochs: steps,
    sampleCount: 8,
    batchSize: 8,
    lastBatch: 'keep',
    shuffle: null,
    load: () => Promise.resolve({ images }),
    loss: (batch) => tf.mean(tf.square(network.forward(batch.images, 'training')[2])),
    onStep: ({ loss }) => {
      losses.push(loss)
      seconds.push((performance.now() - last) / 1000)
      last = performance.now()
    },
    signal: new AbortController().signal,
  })
  const processor = (processorSeconds() - start) / steps
  return { seconds, processor, losses, peakMegabytes: process.resourceUsage().maxRSS / 1024, fallbacks: readFallbacks(tf) }
})
