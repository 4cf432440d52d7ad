import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { RESNET18 } from '@im-iad/nn'
import { requireNoFallbacks } from './support/fallbacks.mjs'
import { startLineProcess } from './support/line-process.mjs'
import { writeNetworkFiles } from './support/network-files.mjs'
import { findPyTorch } from './support/pytorch.mjs'
import { median } from './support/statistics.mjs'

const CHILD = fileURLToPath(new URL('support/train-step-child.mjs', import.meta.url))
const PEER = fileURLToPath(new URL('support/train_step_peer.py', import.meta.url))
/** A step in WASM takes as long as twenty of the others: fewer rounds, of one step. */
const ROUNDS = { onnxruntime: 7, pytorch: 7, wasm: 5 }
const STEPS = { onnxruntime: 3, pytorch: 3, wasm: 1 }
/** Compiling and warming up, not counted; WASM compiles nothing. */
const WARM_UP = { onnxruntime: 3, pytorch: 3, wasm: 0 }

/**
 * A training step (forward, backward, Adam) of ResNet-18 to layer3 at 256x256, batch 8, batch normalisation in training mode: the default engine against PyTorch CPU (eager, channels first) and
 * TensorFlow.js WASM, each in a process of its own, with equal threads (WASM has one in Node), in alternating rounds. All start from the same weights and must have the same losses.
 */
export async function bench({ quick, peer, log }) {
  const threads = availableParallelism()
  const { python, missing } = await findPyTorch({ peer, log })
  if (missing !== null) log(`missing: ${missing}`)
  const files = await writeNetworkFiles(RESNET18, 'layer3', [8])
  const competitors = new Map()
  try {
    competitors.set('onnxruntime', await startLineProcess(process.execPath, [CHILD, files.folder, String(threads), 'onnxruntime']))
    competitors.set('wasm', await startLineProcess(process.execPath, [CHILD, files.folder, String(threads), 'wasm']))
    if (python !== null) competitors.set('pytorch', await startLineProcess(python, [PEER, files.folder, String(threads)]))
    return summarize(await measure(competitors, quick, log), competitors, { threads, missing })
  } finally {
    for (const competitor of competitors.values()) competitor.stop()
    await files.remove()
  }
}

async function measure(competitors, quick, log) {
  const rounds = quick ? 2 : Math.max(...Object.values(ROUNDS))
  const results = new Map(
    [...competitors.keys()].map((name) => [name, { rounds: [], processor: [], losses: [], peakMegabytes: 0, fallbacks: {} }]),
  )
  for (let round = -1; round < rounds; round++)
    for (const [name, competitor] of competitors) {
      const steps = round < 0 ? WARM_UP[name] : STEPS[name]
      if (steps === 0 || round >= ROUNDS[name]) continue
      const answer = await competitor.ask({ steps })
      const result = results.get(name)
      result.losses.push(...answer.losses)
      Object.assign(result, { peakMegabytes: Math.round(answer.peakMegabytes), fallbacks: answer.fallbacks ?? {} })
      if (round >= 0) {
        result.rounds.push(median(answer.seconds))
        result.processor.push(answer.processor)
      }
      log(
        `${round < 0 ? 'warm-up' : `round ${round + 1} of ${rounds}`}, ${name}: ${answer.seconds.map((value) => value.toFixed(2)).join(', ')} s`,
      )
    }
  return results
}

function summarize(results, competitors, { threads, missing }) {
  const { onnxruntime, wasm, pytorch } = Object.fromEntries(results)
  requireNoFallbacks(onnxruntime.fallbacks)
  const [ours, wasmSeconds] = [median(onnxruntime.rounds), median(wasm.rounds)]
  const details = {
    threads,
    versions: Object.fromEntries([...competitors].map(([name, { ready }]) => [name, ready.version])),
    secondsPerStep: Object.fromEntries([...results].map(([name, { rounds }]) => [name, describeRounds(rounds)])),
    processorSecondsPerStep: Object.fromEntries([...results].map(([name, { processor }]) => [name, median(processor)])),
    timesFasterThanWasm: wasmSeconds / ours,
    peakMegabytes: Object.fromEntries([...results].map(([name, { peakMegabytes }]) => [name, peakMegabytes])),
    fallbacks: 0,
    largestLossDifference: Object.fromEntries(
      [...results]
        .filter(([name]) => name !== 'onnxruntime')
        .map(([name, { losses }]) => [name, largestDifference(onnxruntime.losses, losses)]),
    ),
    ...(missing === null ? {} : { missing }),
  }
  return pytorch === undefined
    ? { name: 'train-step', value: ours, unit: 's a step', target: 'at least 4 times faster than TensorFlow.js WASM', details }
    : {
        name: 'train-step',
        ratio: ours / median(pytorch.rounds),
        unit: 'times the time of PyTorch CPU',
        target: 'at most 1.25, and at least 4 times faster than TensorFlow.js WASM',
        details,
      }
}

function describeRounds(rounds) {
  return { median: median(rounds), fastest: Math.min(...rounds), slowest: Math.max(...rounds), rounds: rounds.length }
}

/** Relative, over the steps that both have done. */
function largestDifference(ours, theirs) {
  return Math.max(...theirs.slice(0, ours.length).map((loss, step) => Math.abs(ours[step] - loss) / loss))
}
