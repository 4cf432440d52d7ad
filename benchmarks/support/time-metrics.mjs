import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { median } from './statistics.mjs'

const CHILD = fileURLToPath(new URL('metrics-child.mjs', import.meta.url))
const PEER = fileURLToPath(new URL('metrics_peer.py', import.meta.url))

/** Times ours in a process of its own, and the peer in Python on the same maps. */
export async function timeMetrics({ name, count, size, rounds, target, peer, log }) {
  log(`${name}: ${count} maps of ${size}x${size}`)
  const ours = run(process.execPath, [CHILD, count, size, rounds])
  if (ours.problem !== undefined) throw new Error(ours.problem)
  const { times, values, peakMegabytes } = ours.result
  const details = { seconds: times, values, peakMegabytes, peer: peer ? comparePeer({ count, size, log, own: median(times) }) : 'not run' }
  return { name, value: median(times), unit: 's', target, details }
}

function comparePeer({ count, size, log, own }) {
  const maps = run(process.execPath, [fileURLToPath(new URL('write-maps.mjs', import.meta.url)), count, size])
  if (maps.problem !== undefined) throw new Error(maps.problem)
  const peer = run(process.env.IM_IAD_PYTHON ?? 'python3', [PEER, maps.result.file])
  if (peer.problem !== undefined) {
    log(`peer missing: ${peer.problem}`)
    return 'missing: python3 with numpy, scipy and scikit-learn'
  }
  return { ...peer.result, ratio: peer.result.seconds / own }
}

function run(program, parameters) {
  const { status, stdout, stderr, error } = spawnSync(program, parameters.map(String), { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (status === 0) return { result: JSON.parse(stdout.trim().split('\n').at(-1)) }
  return { problem: error?.message ?? stderr.trim().split('\n').at(-1) ?? 'it failed' }
}
