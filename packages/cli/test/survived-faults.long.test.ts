import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { faultyRun, type RunDocument } from './support/faulty-run.ts'
import { imIad, parseJson, temporaryFolder, type Outcome } from './support/im-iad.ts'
import { runFolder } from './support/run-folder.ts'

/** Four experiments of real algorithms. */
const RUN = `run -d synthetic -c weave,tray -a patchcore,padim --budget smoke --maps all --run it
  --set synthetic.trainNormal=6 --set synthetic.testNormal=4 --set synthetic.testAnomalous=4`.split(/\s+/)

const MOMENTS = 10

interface Undisturbed {
  readonly milliseconds: number
  readonly files: Readonly<Record<string, string>>
}

async function undisturbed(run: readonly string[]): Promise<Undisturbed> {
  const cwd = await temporaryFolder()
  const start = performance.now()
  expect((await imIad(run, { cwd })).code).toBe(0)
  return { milliseconds: performance.now() - start, files: await runFolder(join(cwd, 'runs')) }
}

function killedAfter(run: readonly string[], cwd: string, milliseconds: number): Promise<Outcome> {
  return imIad(run, { cwd, onStart: (child) => setTimeout(() => child.kill('SIGKILL'), milliseconds) })
}

describe.each([1, 3])('a run of real algorithms that is killed, workers: %d', (workers) => {
  const run = [...RUN, '--workers', String(workers)]

  it(`at any of ${MOMENTS} moments, and started again, leaves what an undisturbed one does, byte for byte`, async () => {
    const { milliseconds, files } = await undisturbed(run)
    expect(Object.keys(files).filter((file) => file.endsWith('record.json'))).toHaveLength(4)
    const reused: number[] = []
    for (let moment = 0; moment < MOMENTS; moment++) {
      const cwd = await temporaryFolder()
      const killed = await killedAfter(run, cwd, ((moment + 0.5) / MOMENTS) * milliseconds)
      const { code, stderr } = await imIad(run, { cwd })
      expect(code).toBe(0)
      if (killed.code === null) reused.push(Number(/(\d) of 4 experiments had a record/.exec(stderr)?.[1] ?? 0))
      expect(await runFolder(join(cwd, 'runs'))).toEqual(files)
    }
    // Most moments lie before the end, and (where experiments come one after another) in different experiments.
    expect(reused.length).toBeGreaterThanOrEqual(MOMENTS / 2)
    expect(new Set(reused).size).toBeGreaterThanOrEqual(workers === 1 ? 2 : 1)
  })

  it('again and again, whenever an experiment more is done, comes to the same end', async () => {
    const { milliseconds, files } = await undisturbed(run)
    const cwd = await temporaryFolder()
    let kills = 0
    for (let last: number | null = null; last !== 0 && kills < 12; kills++) {
      const { code } = await killedAfter(run, cwd, milliseconds * (0.3 + 0.1 * (kills % 7)))
      last = code
    }
    expect(kills).toBeGreaterThan(1)
    expect((await imIad(run, { cwd })).code).toBe(0)
    expect(await runFolder(join(cwd, 'runs'))).toEqual(files)
  })
})

describe('a plugin that takes 10 GB', () => {
  it.each(['leak-buffers', 'leak-heap'])('is stopped at 2 GB and recorded as failed: %s', async (fault) => {
    const before = freeMemory()
    let least = before
    const watch = setInterval(() => (least = Math.min(least, freeMemory())), 100)
    const outcome = await imIad(faultyRun(`${fault},none`, '--memory-limit', '2GB', '--json'))
    clearInterval(watch)
    const { experiments } = parseJson<RunDocument>(outcome)
    expect(outcome.code).toBe(1)
    expect(experiments.map((experiment) => experiment.status).toSorted()).toEqual(['done', 'failed'])
    expect(experiments.find((experiment) => experiment.status === 'failed')?.error?.message).toContain(
      'it passed --memory-limit of 2000 MB',
    )
    // Between two looks it may take some more, but nothing like 10 GB.
    expect(before - least).toBeLessThan(5e6)
  })
})

/** Kibibytes that the machine could still give. */
function freeMemory(): number {
  if (process.platform !== 'linux') return 0
  return Number(/MemAvailable:\s+(\d+)/.exec(execFileSync('cat', ['/proc/meminfo'], { encoding: 'utf8' }))?.[1] ?? 0)
}
