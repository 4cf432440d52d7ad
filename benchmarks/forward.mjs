import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WIDE_RESNET50_2 } from '@im-iad/nn'
import { requireNoFallbacks } from './support/fallbacks.mjs'
import { startLineProcess } from './support/line-process.mjs'
import { writeNetworkFiles } from './support/network-files.mjs'
import { findPyTorch } from './support/pytorch.mjs'
import { median } from './support/statistics.mjs'

const support = (name) => fileURLToPath(new URL(`support/${name}`, import.meta.url))
const ROUNDS = 7
/** Passes of a round by the pictures of a batch. */
const PASSES = { 1: 5, 8: 2 }

/** ImageNet weights of EfficientNet-Lite0, and the graph that PyTorch exported of them. */
const LITE0 = ['efficientnet-lite0.safetensors', 'efficientnet-lite0-features.onnx']

/**
 * Layer3 of WideResNet-50-2 at 256x256, batches of 1 and 8: the default engine, frozen weights, from an array of pixels to one of features, against onnxruntime-node on the graph that PyTorch exports of the
 * same network, each in a process of its own, with equal threads and session options, in alternating rounds. Where its weights are, EfficientNet-Lite0's levels of stride 8 and 16 as well, as
 * backbones: from bytes to arrays with channels last, ours against its exported graph through `backbone-onnx`, and, as the stricter comparison, against the same graph alone, with pictures normalised and laid
 * out before the clock starts and features left as they come.
 */
export async function bench({ quick, peer, log }) {
  const threads = availableParallelism()
  const counts = Object.keys(PASSES).map(Number)
  const files = await writeNetworkFiles(WIDE_RESNET50_2, 'layer3', counts)
  const competitors = new Map()
  try {
    const { version, missing } = await exportPeer(files.folder, { peer, log })
    competitors.set(
      'ours',
      await startLineProcess(process.execPath, [support('forward-child.mjs'), files.folder, String(threads), 'onnxruntime']),
    )
    if (missing === null)
      competitors.set('onnx', await startLineProcess(process.execPath, [support('forward-onnx-child.mjs'), files.folder, String(threads)]))
    const batches = []
    for (const count of counts) batches.push(await measure(competitors, count, quick ? 2 : ROUNDS, log))
    const lite0 = await measureLite0({ threads, rounds: quick ? 2 : ROUNDS, log })
    return summarize(batches, { threads, exportedBy: version, missing, ...lite0 })
  } finally {
    for (const competitor of competitors.values()) competitor.stop()
    await files.remove()
  }
}

async function measureLite0({ threads, rounds, log }) {
  const [weights, graph] = LITE0.map((file) => resolve(process.env.IM_IAD_WEIGHTS ?? '../shared/weights', file))
  if (!existsSync(weights) || !existsSync(graph)) return { lite0Missing: `${weights} or ${graph} is not there (IM_IAD_WEIGHTS)` }
  const start = (...parameters) => startLineProcess(process.execPath, [support('extract-child.mjs'), ...parameters, String(threads)])
  const competitors = new Map([['ours', await start('@im-iad/backbone-efficientnet', 'efficientnet-lite0', weights)]])
  try {
    competitors.set('onnx', await start('@im-iad/backbone-onnx', 'onnx', graph))
    competitors.set(
      'graph',
      await startLineProcess(process.execPath, [support('graph-child.mjs'), graph, String(threads), 'stage3', 'stage5']),
    )
    const batches = []
    for (const count of Object.keys(PASSES).map(Number)) batches.push(await measure(competitors, count, rounds, log))
    return { lite0: batches.map(describeBatch) }
  } finally {
    for (const competitor of competitors.values()) competitor.stop()
  }
}

async function exportPeer(folder, options) {
  const { python, missing } = await findPyTorch(options)
  if (python === null) {
    options.log(`missing: ${missing}`)
    return { version: null, missing }
  }
  const { status, stdout, stderr } = spawnSync(python, [support('export_peer.py'), folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`PyTorch cannot export the network: ${stderr.trim().slice(-1000)}`)
  return { version: `PyTorch ${stdout.trim().split('\n').at(-1)}`, missing: null }
}

async function measure(competitors, count, rounds, log) {
  const results = new Map([...competitors.keys()].map((name) => [name, { rounds: [], processor: [] }]))
  for (let round = -1; round < rounds; round++)
    for (const [name, competitor] of competitors) {
      const answer = await competitor.ask({ count, passes: PASSES[count] })
      requireNoFallbacks(answer.fallbacks ?? {})
      const result = results.get(name)
      Object.assign(result, { mean: answer.mean, peakMegabytes: Math.round(answer.peakMegabytes) })
      if (round >= 0) {
        result.rounds.push(median(answer.seconds))
        result.processor.push(answer.processor)
      }
      log(
        `batch ${count}, ${round < 0 ? 'warm-up' : `round ${round + 1} of ${rounds}`}, ${name}: ${answer.seconds.map((value) => value.toFixed(3)).join(', ')} s`,
      )
    }
  return { count, ...Object.fromEntries(results) }
}

function describeBatch({ count, ours, onnx, graph }) {
  return {
    batch: count,
    seconds: median(ours.rounds),
    processorSeconds: median(ours.processor),
    peakMegabytes: ours.peakMegabytes,
    ...(onnx === undefined
      ? {}
      : {
          peerSeconds: median(onnx.rounds),
          peerProcessorSeconds: median(onnx.processor),
          peerPeakMegabytes: onnx.peakMegabytes,
          ratio: median(ours.rounds) / median(onnx.rounds),
          differenceOfMeans: Math.abs(ours.mean - onnx.mean) / onnx.mean,
        }),
    ...(graph === undefined ? {} : { graphSeconds: median(graph.rounds), graphRatio: median(ours.rounds) / median(graph.rounds) }),
  }
}

function summarize(batches, conditions) {
  const details = batches.map(describeBatch)
  const { missing, ...rest } = conditions
  const all = { ...rest, fallbacks: 0, rounds: batches[0].ours.rounds.length, batches: details, ...(missing === null ? {} : { missing }) }
  return missing === null
    ? {
        name: 'forward',
        ratio: Math.max(...details.map(({ ratio }) => ratio)),
        unit: "times onnxruntime-node's time, the worse of the batches",
        target: 'at most 1.05',
        details: all,
      }
    : {
        name: 'forward',
        value: details.at(-1).seconds,
        unit: 's for a batch of 8',
        target: 'at most 1.05 times the peer, which is missing',
        details: all,
      }
}
