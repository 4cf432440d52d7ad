import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { experimentDirectory } from '../dist/index.js'
import { parseSetting } from '../src/plan/parameter-variants.ts'
import { temporaryFolder, toyPlan, toyRun } from './support/toy-run.ts'

const faulty = (fault: string, change: Parameters<typeof toyPlan>[0] = {}): ReturnType<typeof toyPlan> =>
  toyPlan({ settings: [parseSetting(`toy-mean.fault=${fault}`)], ...change })

describe('an experiment that fails', () => {
  it.each([
    ['throw-at-create', 'IM_IAD_E_UNEXPECTED', 'no luck at create'],
    ['throw-at-fit', 'IM_IAD_E_UNEXPECTED', 'no luck at fit'],
    ['nan', 'IM_IAD_E_PREDICTION', 'score 0 of the batch is NaN'],
    ['wrong-length', 'IM_IAD_E_PREDICTION', '9 scores for 8 pictures'],
    ['no-maps', 'IM_IAD_E_PREDICTION', 'returns no maps'],
    ['exit', 'IM_IAD_E_CHILD', 'it exited with code 7'],
  ])('is recorded with its cause: %s', async (fault, code, message) => {
    const { records } = await toyRun(await faulty(fault), { isolation: 'child-process' })
    expect(records).toMatchObject([{ status: 'failed', error: { code }, metrics: {} }])
    expect(records[0]?.error?.message).toContain(message)
  })

  it('is stopped at its time limit', async () => {
    const { records } = await toyRun(await faulty('never-return', { timeLimitSeconds: 1 }), { isolation: 'child-process' })
    expect(records).toMatchObject([{ status: 'failed', error: { code: 'IM_IAD_E_TIME_LIMIT' } }])
  })

  it('is stopped at its memory limit', async () => {
    const { records } = await toyRun(await faulty('leak', { memoryLimitBytes: 4e8 }), { isolation: 'child-process' })
    expect(records).toMatchObject([{ status: 'failed', error: { code: 'IM_IAD_E_MEMORY_LIMIT' } }])
  })

  it('does not stop the others', async () => {
    const { records } = await toyRun(await toyPlan({ settings: [parseSetting('toy-mean.fault=throw-at-fit,none')] }))
    expect(records.map((record) => record.status).toSorted()).toEqual(['done', 'failed'])
  })

  it('runs again only when asked to', async () => {
    const plan = await faulty('throw-at-fit')
    const { directory } = await toyRun(plan)
    expect((await toyRun(plan, { directory })).reused).toBe(1)
    expect((await toyRun(plan, { directory, retryFailed: true })).reused).toBe(0)
  })
})

describe('a run', () => {
  it('does nothing twice', async () => {
    const plan = await toyPlan({ seeds: [0, 1] })
    const first = await toyRun(plan)
    const second = await toyRun(plan, { directory: first.directory })
    expect(second.reused).toBe(2)
    expect(second.events).toEqual([])
    expect(second.records).toEqual(first.records)
  })

  it('keeps what a plugin prints in the log', async () => {
    const { directory, records } = await toyRun(await faulty('print'), { isolation: 'child-process' })
    const log = await readFile(join(experimentDirectory(directory, records[0]?.hash ?? ''), 'log.jsonl'), 'utf8')
    expect(log).toContain('printed by a plugin')
  })

  it('stops at once when it is interrupted, and leaves no record', async () => {
    const abort = new AbortController()
    const start = Date.now()
    let stopped = 0
    const run = await toyRun(await faulty('never-return'), {
      isolation: 'child-process',
      signal: abort.signal,
      onEvent: (event) => {
        if (event.kind === 'started')
          setTimeout(() => {
            stopped = Date.now()
            abort.abort()
          }, 300)
      },
    })
    expect(run).toMatchObject({ interrupted: true, records: [] })
    expect(Date.now() - stopped).toBeLessThan(1000)
    expect(stopped).toBeGreaterThan(start)
  })

  it.each([
    ['cut short', (text: string) => text.slice(0, text.length / 2)],
    ['edited', (text: string) => text.replace('"seed": 0,\n  "dataFingerprint"', '"seed": 5,\n  "dataFingerprint"')],
  ])('does an experiment again whose record was %s', async (_name, damage) => {
    const plan = await toyPlan()
    const { directory, records } = await toyRun(plan)
    const file = join(experimentDirectory(directory, records[0]?.hash ?? ''), 'record.json')
    const text = await readFile(file, 'utf8')
    expect(damage(text)).not.toBe(text)
    await writeFile(file, damage(text))
    const again = await toyRun(plan, { directory })
    expect(again.reused).toBe(0)
    expect(again.records[0]?.metrics).toEqual(records[0]?.metrics)
  })

  it("refuses a folder that a living process works on, and takes over a dead one's lock", async () => {
    const plan = await toyPlan()
    const directory = await temporaryFolder()
    const { hostname } = await import('node:os')
    const lock = (pid: number): Promise<void> =>
      writeFile(join(directory, 'lock'), JSON.stringify({ pid, host: hostname(), since: 'yesterday' }))
    await lock(process.ppid)
    await expect(toyRun(plan, { directory })).rejects.toThrow(`process ${process.ppid}`)
    await lock(2 ** 22 + 1)
    expect((await toyRun(plan, { directory })).records).toHaveLength(1)
  })
})
