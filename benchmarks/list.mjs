import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const IM_IAD = fileURLToPath(new URL('../packages/cli/bin/im-iad.js', import.meta.url))
const ROUNDS = 15

/**
 * Milliseconds that `im-iad list` takes with every first-party package installed, and Node alone for comparison.
 * @returns {Promise<{name: string, value: number, unit: string, target: string, details: object}>}
 */
export async function bench() {
  const list = []
  const node = []
  for (let round = 0; round < ROUNDS; round++) {
    list.push(time([IM_IAD, 'list']))
    node.push(time(['-e', '0']))
  }
  return {
    name: 'list',
    value: median(list),
    unit: 'ms',
    target: 'under 300',
    details: { rounds: ROUNDS, nodeAlone: median(node), fastest: Math.min(...list), slowest: Math.max(...list) },
  }
}

function time(parameters) {
  const start = performance.now()
  const { status } = spawnSync(process.execPath, parameters, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`node ${parameters.join(' ')} exited with code ${status}`)
  return performance.now() - start
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
