import { join } from 'node:path'
import { openSession } from '@im-iad/onnx'
import { readSafetensors } from '@im-iad/weights'
import { answerLines, processorSeconds } from './line-process.mjs'

// Features by an ONNX file in onnxruntime-node: forward-onnx-child.mjs FOLDER THREADS. Pictures are brought to channels first beforehand.
const [folder, threads] = process.argv.slice(2)
const session = await openSession(join(folder, 'peer.onnx'), { threads: Number(threads) })

function channelsFirst({ shape: [count, height, width, channels], data }) {
  const moved = new Float32Array(data.length)
  const plane = height * width
  for (let image = 0; image < count; image++)
    for (let place = 0; place < plane; place++)
      for (let channel = 0; channel < channels; channel++)
        moved[(image * channels + channel) * plane + place] = data[(image * plane + place) * channels + channel]
  return { shape: [count, channels, height, width], data: moved }
}

await answerLines({ version: 'onnxruntime-node' }, async ({ count, passes }) => {
  const images = channelsFirst((await readSafetensors(join(folder, `images-${count}.safetensors`))).get('images'))
  const seconds = []
  const used = processorSeconds()
  let features = new Float32Array()
  for (let index = 0; index < passes; index++) {
    const start = performance.now()
    features = (await session.run({ images })).get('layer3').data
    seconds.push((performance.now() - start) / 1000)
  }
  const processor = (processorSeconds() - used) / passes
  const mean = features.reduce((sum, value) => sum + Math.abs(value), 0) / features.length
  return { seconds, processor, mean, peakMegabytes: process.resourceUsage().maxRSS / 1024 }
})
