import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { executePlan, loadPlugin, openRunStore } from '../dist/index.js'
import { temporaryFolder, toyPlan, toyRegistry } from './support/toy-run.ts'

describe('an executor plugin', () => {
  it('carries a plan out elsewhere; its records and log lines reach the store', async () => {
    const found = (await toyRegistry()).find('executor', 'toy-executor')
    const plugin = await loadPlugin({ ...found, kind: 'executor' })
    const executor = await plugin.create({ reason: 'all machines are taken' })
    const directory = await temporaryFolder()
    const plan = await toyPlan({ seeds: [0, 1] })
    const store = openRunStore(directory, () => undefined)
    const kinds: string[] = []
    const { records } = await executePlan({
      plan,
      store,
      executor,
      retryFailed: false,
      onEvent: (event) => kinds.push(event.kind),
      signal: new AbortController().signal,
    })
    await executor.dispose()
    expect(records.map((record) => record.error?.message)).toEqual(['all machines are taken', 'all machines are taken'])
    expect(kinds).toEqual(['started', 'progress', 'log', 'finished', 'started', 'progress', 'log', 'finished'])
    expect(await store.read(records[0]?.hash ?? '')).toEqual(records[0])
    expect(await readFile(join(directory, 'experiments', records[0]?.hash ?? '', 'log.jsonl'), 'utf8')).toContain('all machines are taken')
  })
})

describe('an exporter plugin', () => {
  it('says what it accepts and writes files of its format', async () => {
    const found = (await toyRegistry()).find('exporter', 'toy-exporter')
    const plugin = await loadPlugin({ ...found, kind: 'exporter' })
    const destination = join(await temporaryFolder(), 'exported')
    const input = { resize: { width: 16, height: 16 }, resample: 'bilinear', crop: null } as const
    expect([plugin.format, plugin.accepts('toy-mean'), plugin.accepts('other')]).toEqual(['txt', true, false])
    expect(
      await plugin.export({ parameters: { greeting: 'here is' }, algorithm: 'toy-mean', modelDirectory: 'model', input, destination }),
    ).toEqual(['model.txt'])
    expect(await readFile(join(destination, 'model.txt'), 'utf8')).toBe('here is toy-mean of model, 16 wide')
  })
})
