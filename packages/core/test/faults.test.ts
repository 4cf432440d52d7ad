import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { experimentDirectory } from '../dist/index.js'
import { parseSetting } from '../src/plan/parameter-variants.ts'
import { toyPlan, toyRun } from './support/toy-run.ts'

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
})

/** What a plugin does to its process. */
const misbehave = async (fault: string, change: Parameters<typeof toyPlan>[0] = {}): ReturnType<typeof toyRun> =>
  toyRun(await toyPlan({ algorithms: ['faulty'], settings: [parseSetting(`faulty.fault=${fault}`)], ...change }), {
    isolation: 'child-process',
  })

async function logOf({ directory, records }: Awaited<ReturnType<typeof toyRun>>): Promise<readonly string[]> {
  const text = await readFile(join(experimentDirectory(directory, records[0]?.hash ?? ''), 'log.jsonl'), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).line)
}

describe('a plugin that', () => {
  it.each([
    ['ends its process with exit code 0', 'exit-zero', 'IM_IAD_E_CHILD', 'it exited with code 0'],
    ['closes its channel', 'disconnect', 'IM_IAD_E_CHILD', 'it was killed by SIGKILL'],
    ['does not await a promise that is rejected', 'rejection', 'IM_IAD_E_STRAY', 'Error: nobody awaits this'],
    ['throws in a callback', 'callback', 'IM_IAD_E_STRAY', 'Error: thrown in a callback'],
    ['opens files without end', 'open-files', 'IM_IAD_E_UNEXPECTED', 'EMFILE: too many open files'],
  ])('%s fails its experiment, with the cause', async (_name, fault, code, message) => {
    const { records } = await misbehave(fault)
    expect(records).toMatchObject([{ status: 'failed', error: { code, message: expect.stringContaining(message) } }])
  })

  it('throws has its stack in the log', async () => {
    const log = await logOf(await misbehave('callback'))
    expect(log.join('\n')).toMatch(/Error: thrown in a callback\n\s+at .*faulty-plugins/)
  })

  it('sends garbage, and a record of another experiment, is not listened to', async () => {
    const { records } = await misbehave('garbage')
    expect(records).toMatchObject([{ status: 'done' }])
  })

  it('does not end after its record was made is ended', async () => {
    const { records } = await misbehave('exit-later')
    expect(records).toMatchObject([{ status: 'done' }])
  })

  it('prints in every way it can has it in the log, line by line', async () => {
    const log = await logOf(await misbehave('print'))
    expect(log.slice(0, 2)).toEqual(['{"by": "console.log"}', '{"by": "process.stdout.write"}'])
    expect(log).toContain('by console.error')
    expect((await logOf(await misbehave('print-below'))).slice(0, 2)).toEqual(['{"by": "file descriptor 1"}', 'by a process'])
  })

  it('prints for ever, in lines or without an end of line, fills neither memory nor disk', async () => {
    const run = await misbehave('print-for-ever')
    expect(run.records).toMatchObject([{ status: 'done' }])
    const log = await logOf(run)
    const characters = log.reduce((sum, line) => sum + line.length, 0)
    expect(characters).toBeGreaterThan(1e6)
    expect(characters).toBeLessThan(5e6)
    expect(log.find((line) => line.startsWith('…'))).toContain('the rest is not kept')
    // What the runner itself has to say is kept.
    expect(log.at(-1)).toMatch(/^the mean is/)
  })

  it('begins its log anew when it is tried again', async () => {
    const plan = await toyPlan({ algorithms: ['faulty'], settings: [parseSetting('faulty.fault=callback')] })
    const first = await toyRun(plan, { isolation: 'child-process' })
    const log = await logOf(first)
    const second = await toyRun(plan, { isolation: 'child-process', directory: first.directory, retryFailed: true })
    expect(await logOf(second)).toEqual(log)
  })

  it('is stopped from outside keeps its checkpoints for the next try, and nothing else', async () => {
    const settings = [parseSetting('faulty.afterwards=never-return')]
    const plan = await toyPlan({ algorithms: ['faulty'], settings, timeLimitSeconds: 4 })
    const { directory, records } = await toyRun(plan, { isolation: 'child-process' })
    expect(records).toMatchObject([{ status: 'failed', error: { code: 'IM_IAD_E_TIME_LIMIT' } }])
    expect(await readdir(join(directory, 'work', records[0]?.hash ?? ''))).toEqual(['step-0.checkpoint'])
    expect((await toyRun(plan, { directory })).reused).toBe(1)
    expect(await readdir(join(directory, 'work'))).toEqual([records[0]?.hash])
  })

  it('fails leaves nothing to go on from', async () => {
    const { directory } = await misbehave('callback')
    expect((await readdir(directory)).toSorted()).toEqual(['experiments', 'plan.json'])
  })
})
