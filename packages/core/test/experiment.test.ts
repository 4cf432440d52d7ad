import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { experimentDirectory } from '../dist/index.js'
import { parseSetting } from '../src/plan/parameter-variants.ts'
import { toyPlan, toyRun, type ToyRun } from './support/toy-run.ts'

interface ToyLog {
  readonly task: string
  readonly seen: readonly { readonly label: string | null; readonly mask: number | null; readonly category: string | null }[]
  readonly others: readonly { readonly label: string | null; readonly category: string | null }[]
  readonly draws: number
  readonly trainable: { readonly random: readonly { readonly stride: number }[]; readonly pretrained: null }
  readonly checkpoint: string
}

const logs = (run: ToyRun): readonly ToyLog[] => run.events.flatMap((event) => (event.kind === 'log' ? [JSON.parse(event.line)] : []))
const onlyRecord = (run: ToyRun): ToyRun['records'][number] => {
  const [record] = run.records
  if (record === undefined || run.records.length > 1) throw new Error(`${run.records.length} records`)
  return record
}
const readJson = async (run: ToyRun, ...path: readonly string[]): Promise<unknown> =>
  JSON.parse(await readFile(join(experimentDirectory(run.directory, onlyRecord(run).hash), ...path), 'utf8'))

describe('an experiment', () => {
  it('trains on what the protocol says, tests the rest, and records it', async () => {
    const run = await toyRun(await toyPlan())
    const record = onlyRecord(run)
    expect(record).toMatchObject({ status: 'done', error: null, dataset: 'toy', category: 'left', seed: 0, leaky: null, reasons: {} })
    expect(record.notes).toEqual(['half of the groups', 'backbone toy-backbone: it has nothing to say'])
    expect(record.evaluations).toMatchObject([
      { task: 'left', counts: { train: 4, testNormal: 4, testAnomalous: 4 }, details: { 'image.gap': { marked: 4 * 16 } } },
    ])
    expect(record.metrics['image.gap']).toBeGreaterThan(100)
    expect(record.measured.latency).toMatchObject({ decode: {}, preprocess: {}, score: {}, predict: {} })
    expect(record.measured.versions).toEqual({ 'toy-plugins': '1.2.3' })
  })

  it('opens a backbone to be trained, or says with null that it has no such form', async () => {
    const [log] = logs(await toyRun(await toyPlan()))
    expect(log?.trainable).toEqual({ random: [{ name: 'of 1 thread', channels: 1, stride: 4 }], pretrained: null })
  })

  it('records what the engine of its process says of itself, if that makes sense', async () => {
    const symbol = Symbol.for('im-iad.engine-report')
    const engine = { libraries: 'abacus 1.0', fallbacks: { Einsum: 3 } }
    try {
      Reflect.set(globalThis, symbol, () => engine)
      expect(onlyRecord(await toyRun(await toyPlan())).measured.engine).toEqual(engine)
      Reflect.set(globalThis, symbol, () => ({ libraries: 'abacus 1.0', fallbacks: 'none' }))
      expect(onlyRecord(await toyRun(await toyPlan())).measured).not.toHaveProperty('engine')
    } finally {
      Reflect.deleteProperty(globalThis, symbol)
    }
  })

  it('writes the split with file hashes, every score, and the worst maps', async () => {
    const run = await toyRun(await toyPlan())
    const split = (await readJson(run, 'split.json')) as { steps: { train: unknown[] }[]; files: Record<string, string> }
    expect(split.steps[0]?.train).toHaveLength(4)
    expect(Object.keys(split.files)).toHaveLength(12)
    const scores = await readFile(join(experimentDirectory(run.directory, onlyRecord(run).hash), 'scores.csv'), 'utf8')
    expect(scores.trim().split('\n')).toHaveLength(9)
    const kept = (await readJson(run, 'maps', 'index.json')) as { why: string; rank: number; score: number }[]
    expect(kept.map(({ why, rank }) => `${why} ${rank}`)).toEqual(
      [1, 2, 3, 4].map((rank) => `miss ${rank}`).concat([1, 2, 3, 4].map((rank) => `false-alarm ${rank}`)),
    )
    expect(kept[0]?.score).toBeLessThanOrEqual(kept[3]?.score ?? 0)
  })

  it('tells an unsupervised algorithm neither label nor mask', async () => {
    const [log] = logs(await toyRun(await toyPlan()))
    expect(log?.seen).toEqual(Array.from({ length: 4 }, () => ({ label: null, mask: null, category: null })))
    expect(log?.others).toEqual([])
  })

  it('tells a supervised one labels and masks, and gives it samples of other categories', async () => {
    const plan = await toyPlan({ algorithms: ['toy-supervised'], settings: [parseSetting('toy-split.labels=true')] })
    const [log] = logs(await toyRun(plan))
    expect(log?.seen.filter((sample) => sample.label === 'anomalous')).toEqual(
      Array.from({ length: 2 }, () => ({ label: 'anomalous', mask: 16, category: null })),
    )
    expect(log?.seen.filter((sample) => sample.label === 'normal').every((sample) => sample.mask === 0)).toBe(true)
    expect(log?.others).toEqual(Array.from({ length: 8 }, () => ({ label: 'normal', category: 'right' })))
  })

  it('refuses abnormal training images without masks for an algorithm that learns from masks', async () => {
    const settings = [parseSetting('toy-split.labels=true'), parseSetting('toy.variant=unmasked')]
    const [record] = (await toyRun(await toyPlan({ algorithms: ['toy-supervised'], settings }))).records
    expect(record).toMatchObject({ status: 'failed', error: { code: 'IM_IAD_E_MASK' } })
    expect(record?.error?.message).toContain('training sample "left/anomalous/20" and 1 more (left/anomalous/21)')
    expect((await toyRun(await toyPlan({ settings }))).records).toMatchObject([{ status: 'done' }])
  })

  it('carries one model through the steps of a dataset-scope paradigm, and evaluates every task so far', async () => {
    const run = await toyRun(await toyPlan({ categories: null, paradigms: ['toy-continual'] }))
    const record = onlyRecord(run)
    expect(logs(run).map((log) => [log.task, log.checkpoint])).toEqual([
      ['left', 'left'],
      ['right', 'right'],
    ])
    expect(record.evaluations.map(({ afterTask, task }) => `${afterTask}:${task}`)).toEqual(['left:left', 'right:left', 'right:right'])
    const value = (index: number): number => record.evaluations[index]?.metrics['image.gap'] ?? Number.NaN
    expect(record.metrics['image.gap']).toBeCloseTo((value(1) + value(2)) / 2, 12)
    expect(record.metrics['sequence.drop.image.gap']).toBeCloseTo(value(0) - value(1), 12)
  })

  it('gives the same record, the key "measured" aside, in a child process', async () => {
    const plan = await toyPlan()
    const { measured: _inside, ...inside } = onlyRecord(await toyRun(plan))
    const { measured: _outside, ...outside } = onlyRecord(await toyRun(plan, { isolation: 'child-process' }))
    expect(JSON.stringify(outside)).toBe(JSON.stringify(inside))
  })

  it('notes the machine and how many threads there were', async () => {
    const { measured } = onlyRecord(await toyRun(await toyPlan({ threads: 3 }), { isolation: 'child-process' }))
    expect(measured.host).toMatchObject({ cores: cpus().length, threads: 3, node: process.version })
  })

  it('draws other splits for other seeds', async () => {
    const run = await toyRun(await toyPlan({ seeds: [0, 1, 2, 3] }))
    expect(new Set(run.records.map((record) => record.splitHash)).size).toBeGreaterThan(1)
  })

  it('evaluates in the native frame', async () => {
    const run = await toyRun(await toyPlan({ frame: 'native', settings: [parseSetting('toy-mean.size=8')] }))
    expect(onlyRecord(run).evaluations[0]?.details['image.gap']?.['marked']).toBe(4 * 16)
  })

  it('refuses a protocol that tests what it trains on', async () => {
    const record = onlyRecord(await toyRun(await toyPlan({ settings: [parseSetting('toy-split.leak=true')] })))
    expect(record).toMatchObject({ status: 'failed', error: { code: 'IM_IAD_E_LEAK' } })
  })

  it('notices data that changed between plan and run', async () => {
    const plan = await toyPlan()
    process.env['TOY_DATA'] = 'changed'
    try {
      expect(onlyRecord(await toyRun(plan))).toMatchObject({ status: 'failed', error: { code: 'IM_IAD_E_DATA_CHANGED' } })
    } finally {
      delete process.env['TOY_DATA']
    }
  })
})
