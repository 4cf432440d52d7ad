import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { arrangeFolder, findMtd, linkMany } from './support/mtd-folders.mjs'

const IM_IAD = fileURLToPath(new URL('../packages/cli/bin/im-iad.js', import.meta.url))

/**
 * What `im-iad try` says of Magnetic Tile as a user has it, how long it takes, and how fast and in how much memory `predict` then works.
 * @returns {Promise<{name: string, value: number, unit: string, target: string, details: object}>}
 */
export async function bench({ quick, log }) {
  const data = await findMtd()
  if (data === null) throw new Error('Magnetic Tile is not there: set IM_IAD_DATA to the folder that holds mtd/')
  const scratch = mkdtempSync(join(tmpdir(), 'im-iad-first-hour-'))
  try {
    const details = {}
    for (const size of [
      { goodCount: 60, badCount: 12 },
      { goodCount: 400, badCount: 60 },
    ].slice(0, quick ? 1 : 2)) {
      const { folder } = arrangeFolder(data, { ...size, seed: 0, folder: join(scratch, 'pictures') })
      const tried = await run(['try', folder, '--out', join(scratch, 'tried'), '--json'])
      const { algorithm, auroc, threshold, statement, detection, sure, algorithms } = JSON.parse(tried.output)
      details[`try, ${size.goodCount} good and ${size.badCount} bad`] = {
        seconds: tried.seconds,
        cpuSeconds: tried.cpuSeconds,
        algorithm,
        auroc,
        threshold,
        statement,
        detection,
        sure,
        algorithms,
      }
      log(`try ${size.goodCount}+${size.badCount}: ${tried.seconds.toFixed(0)} s, ${algorithm} ${auroc.value.toFixed(3)}`)
    }
    const pace = []
    for (const count of quick ? [100, 1000] : [100, 10_000]) {
      linkMany([...data.good, ...data.bad], count, join(scratch, 'many'))
      const predicted = await run(['predict', join(scratch, 'tried', 'model'), join(scratch, 'many')])
      const lines = predicted.output.trim().split('\n').length - 1
      if (lines !== count) throw new Error(`${lines} decisions for ${count} pictures`)
      pace.push({
        pictures: count,
        seconds: predicted.seconds,
        cpuSeconds: predicted.cpuSeconds,
        picturesPerSecond: count / predicted.seconds,
        peakMegabytes: predicted.peakMegabytes,
      })
      log(`predict ${count}: ${predicted.seconds.toFixed(1)} s, ${predicted.peakMegabytes.toFixed(0)} MB`)
    }
    details.predict = pace
    return {
      name: 'first-hour',
      value: pace.at(-1).picturesPerSecond,
      unit: 'pictures a second',
      target: 'memory that does not grow with their number',
      details,
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Runs the command and watches the peak of its memory (Linux only; NaN elsewhere) and the processor time it and its children took. */
function run(parameters) {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const before = waitedCpu()
    const child = spawn(process.execPath, [IM_IAD, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let complaints = ''
    let peakMegabytes = Number.NaN
    const look = () => {
      try {
        const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
        if (kilobytes !== undefined) peakMegabytes = Number(kilobytes) / 1000
      } catch {
        // Gone, or no Linux.
      }
    }
    const timer = setInterval(look, 100)
    child.stdout.setEncoding('utf8').on('data', (text) => {
      look()
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => (complaints += text))
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(timer)
      if (code !== 0) return reject(new Error(`im-iad ${parameters[0]} exited with ${code}: ${complaints}`))
      resolve({ output, seconds: (performance.now() - start) / 1000, cpuSeconds: waitedCpu() - before, peakMegabytes })
    })
  })
}

/** Node does not tell its children's processor time; the system's clock ticks of waited-for children do (Linux only). */
function waitedCpu() {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')
    return (Number(fields[13]) + Number(fields[14])) / 100
  } catch {
    return Number.NaN
  }
}
