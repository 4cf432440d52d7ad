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
  use: 'folded',
})

async function pass({ shape, data }) {
  const layer3 = tf.tidy(() => network.forward(tf.tensor4d(data, shape), 'inference')[2])
  const features = await layer3.data()
  layer3.dispose()
  return features
}

await answerLines({ version: await describeEngine(tf) }, async ({ count, passes }) => {
  const images = (await readSafetensors(join(folder, `images-${count}.safetensors`))).get('images')
  const seconds = []
  const used = processorSeconds()
  let features = new Float32Array()
  for (let index = 0; index < passes; index++) {
    const start = performance.now()
    features = await pass(images)
    seconds.push((performance.now() - start) / 1000)
  }
  const processor = (processorSeconds() - used) / passes
  const mean = features.reduce((sum, value) => sum + Math.abs(value), 0) / features.length
  return { seconds, processor, mean, peakMegabytes: process.resourceUsage().maxRSS / 1024, fallbacks: readFallbacks(tf) }
})
