import { openSession } from '@im-iad/onnx'
import { answerLines, processorSeconds } from './line-process.mjs'

// An ONNX file alone in onnxruntime-node: graph-child.mjs FILE THREADS OUTPUT... A line of input asks for passes over a batch of 256x256 pictures, which are normalised and have their channels first beforehand;
// outputs are left as they come.
const [file, threads, ...outputs] = process.argv.slice(2)
const session = await openSession(file, { threads: Number(threads) })
const [{ name }] = session.inputs

function normalizedPictures(count) {
  const plane = 256 * 256
  const data = new Float32Array(count * 3 * plane)
  for (let image = 0; image < count; image++)
    for (let channel = 0; channel < 3; channel++)
      for (let place = 0; place < plane; place++)
        data[(image * 3 + channel) * plane + place] = (((((image * plane + place) * 3 + channel) * 7919) % 251) - 127) / 128
  return { shape: [count, 3, 256, 256], data }
}

await answerLines({}, async ({ count, passes }) => {
  const feeds = { [name]: normalizedPictures(count) }
  const seconds = []
  const used = processorSeconds()
  let results = new Map()
  for (let index = 0; index < passes; index++) {
    const start = performance.now()
    results = await session.run(feeds, outputs)
    seconds.push((performance.now() - start) / 1000)
  }
  const processor = (processorSeconds() - used) / passes
  const { data } = results.get(outputs[0])
  const mean = data.reduce((sum, value) => sum + Math.abs(value), 0) / data.length
  return { seconds, processor, mean, peakMegabytes: process.resourceUsage().maxRSS / 1024 }
})
