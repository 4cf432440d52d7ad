import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findMtd } from './support/mtd-folders.mjs'

const CHILD = fileURLToPath(new URL('support/patchcore-stages-child.mjs', import.meta.url))

/** `--quick` takes every fifth picture. */
const EVERY = { quick: 5, whole: 1 }

/**
 * PatchCore end to end on Magnetic Tile, stage by stage: grouped split of seed 0, budget `laptop`, with the embedded backbone and with EfficientNet-Lite0 where its file is there.
 * @returns {Promise<{name: string, value: number, unit: string, target: string, details: object}>}
 */
export async function bench({ quick, log }) {
  if ((await findMtd()) === null) throw new Error('Magnetic Tile is not there: set IM_IAD_DATA to the folder that holds mtd/')
  const details = {}
  for (const [name, backbone] of backbones(log)) {
    details[name] = measure(backbone, quick ? EVERY.quick : EVERY.whole)
    log(describe(name, details[name]))
  }
  const [first] = Object.values(details)
  return { name: 'patchcore-stages', value: first.totalSeconds, unit: 's', target: 'seconds, all stages, embedded backbone', details }
}

function backbones(log) {
  const chosen = (process.env.IM_IAD_BENCH_BACKBONES ?? 'embedded,efficientnet-lite0').split(',')
  const file = resolve(process.env.IM_IAD_WEIGHTS ?? '../shared/weights', 'efficientnet-lite0-features.onnx')
  if (!existsSync(file)) log(`efficientnet-lite0: skipped, ${file} is not there (IM_IAD_WEIGHTS)`)
  return [['embedded', 'embedded'], ...(existsSync(file) ? [['efficientnet-lite0', file]] : [])].filter(([name]) => chosen.includes(name))
}

function measure(backbone, every) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHILD, backbone, String(every)], { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (status !== 0) throw new Error(stderr.trim())
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

function describe(name, { trained, tested, seconds, totalSeconds, peakMegabytes, metrics }) {
  const lines = Object.entries(seconds).map(([stage, amount]) => `  ${stage.padEnd(18)} ${amount.toFixed(2).padStart(8)} s`)
  const head = `${name}: ${trained} pictures trained on, ${tested} tested; ${totalSeconds.toFixed(1)} s, peak ${peakMegabytes.fit} MB in fit, ${peakMegabytes.all} MB in all; image AUROC ${metrics['image.auroc'].toFixed(4)}`
  return [head, ...lines].join('\n')
}
