import { engineCounters } from '@im-iad/tfjs-onnxruntime'
import { answerLines, processorSeconds } from './line-process.mjs'

// Features of a backbone, from bytes to arrays: extract-child.mjs PACKAGE ID WEIGHTS THREADS. A line of input asks for passes over a batch of 256x256 pictures.
const [name, id, weightsFile, threads] = process.argv.slice(2)
const { default: exported } = await import(name)
const plugin = [exported].flat().find((candidate) => candidate.id === id)
const backbone = await plugin.open({ weightsFile, threads: Number(threads) })

/** An `.onnx` file is run without the tensor engine. */
const fallbacks = () => (id === 'onnx' ? {} : engineCounters().fallbacks)

function pictures(count) {
  const pixels = new Uint8Array(count * 256 * 256 * 3)
  for (let index = 0; index < pixels.length; index++) pixels[index] = (index * 7919) % 251
  return { count, height: 256, width: 256, pixels }
}

await answerLines({}, async ({ count, passes }) => {
  const batch = pictures(count)
  const seconds = []
  const used = processorSeconds()
  let levels = []
  for (let index = 0; index < passes; index++) {
    const start = performance.now()
    levels = await backbone.extract(batch, [8, 16])
    seconds.push((performance.now() - start) / 1000)
  }
  const processor = (processorSeconds() - used) / passes
  const [mean] = levels.map(({ data }) => data.reduce((sum, value) => sum + Math.abs(value), 0) / data.length)
  return { seconds, processor, mean, peakMegabytes: process.resourceUsage().maxRSS / 1024, fallbacks: fallbacks() }
})
