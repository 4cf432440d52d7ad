import { isImIadError } from '@im-iad/errors'
import { readEngineVersion, readFallbacks } from './engine-version.ts'
import type { ProbeResult } from './inspect-engines.ts'
import { measureSpeed } from './measure-speed.ts'
import { openTensorEngine } from './open-engine.ts'

/** The entry of the process in which one engine is tried: `probe-engine.js ENGINE DEVICE open|measure`, answers over IPC. */

/** With what starting takes, an engine is done in some two seconds. */
const MEASURED_MILLISECONDS = 1600

async function probe(engine: string, device: string, extent: string): Promise<ProbeResult> {
  try {
    const tf = await openTensorEngine({ engine, device })
    const gigaflopsPerSecond = extent === 'measure' ? await measureSpeed(tf, MEASURED_MILLISECONDS) : 0
    return { available: true, version: await readEngineVersion(tf), gigaflopsPerSecond, fallbacks: readFallbacks(tf) }
  } catch (error) {
    if (!isImIadError(error)) throw error
    const { code, what, problem, found, fix } = error.facts
    return { available: false, code, what, problem: problem ?? found ?? null, fix }
  }
}

const [engine = '', device = '', extent = 'open'] = process.argv.slice(2)
process.send?.(await probe(engine, device, extent), () => process.disconnect())
