import { join } from 'node:path'
import { createResidualNetwork, describeEngine, openTensorEngine, readFallbacks, WIDE_RESNET50_2 } from '@im-iad/nn'
import { readSafetensors } from '@im-iad/weights'
import { answerLines, processorSeconds } from './line-process.mjs'

// Features of WideResNet-50-2 in an engine: forward-child.mjs FOLDER THREADS ENGINE. A line of input asks for passes over a batch.
const [folder, threads, engine] = process.argv.slice(2)
const tf = await openTensorEngine({ engine, threads: Number(threads) })
const network = createResidualNetwork(tf, {
  architecture: WIDE_RESNET50_2,
  through: 'layer3',
  weights: await readSafetensors(join(folder, 'weights.safetensors')),
  use: 'frozen',
})

async function pass({ shape, data }) {
  const levels = tf.tidy(() => network.forward(tf.tensor4d(data, shape), 'inference').map((level) => tf.keep(level)))
  const features = await Promise.all(levels.map((level) => level.data()))
  tf.dispose(levels)
  return features
}

await answerLines({ version: await describeEngine(tf) }, async ({ count, passes }) => {
  const images = (await readSafetensors(join(folder, `images-${count}.safetensors`))).get('images')
  const seconds = []
  const used = processorSeconds()
  let features = []
  for (let index = 0; index < passes; index++) {
    const start = performance.now()
    features = await pass(images)
    seconds.push((performance.now() - start) / 1000)
  }
  const processor = (processorSeconds() - used) / passes
  const means = features.map((level) => level.reduce((sum, value) => sum + Math.abs(value), 0) / level.length)
  return { seconds, processor, means, peakMegabytes: process.resourceUsage().maxRSS / 1024, fallbacks: readFallbacks(tf) }
})
