import { describe, expect, it } from 'vitest'
import { parseRecord, parseRecordText, recordText } from '../src/store/parse-record.ts'
import type { ExperimentRecord } from '../src/store/record.ts'
import { toyPlan, toyRun } from './support/toy-run.ts'

async function toyRecord(): Promise<ExperimentRecord> {
  const { records } = await toyRun(await toyPlan())
  const [record] = records
  if (record === undefined) throw new Error('the toy run made no record')
  return record
}

/** A record whose checksum is right, whoever changed what else. */
const readChanged = (record: ExperimentRecord, change: object): ReturnType<typeof parseRecordText> =>
  parseRecordText(recordText({ ...record, ...change }), record.hash)

describe('a record from elsewhere', () => {
  it('is read when it is one, with keys that nobody knows', async () => {
    const record = await toyRecord()
    expect(readChanged(record, {})).toMatchObject({ kind: 'record' })
    expect(readChanged(record, { entry: './evil.js' })).toMatchObject({ kind: 'record' })
  })

  it.each<[string, (record: ExperimentRecord) => object, string]>([
    ['a metric of text', () => ({ metrics: { 'image.auroc': '<b>1</b>' } }), 'metrics'],
    ['a metric with methods', () => ({ metrics: { 'image.auroc': { toFixed: 'x' } } }), 'metrics'],
    ['notes that are none', () => ({ notes: [{ markup: '<script>' }] }), 'notes'],
    ['an error without a message', () => ({ error: { code: 'X' } }), 'error'],
    ['reasons of numbers', () => ({ reasons: { a: 1 } }), 'reasons'],
    ['evaluations of nothing', () => ({ evaluations: [null] }), 'evaluations'],
    [
      'evaluations without details',
      ({ evaluations }) => ({ evaluations: evaluations.map((evaluation) => ({ ...evaluation, details: null })) }),
      'evaluations',
    ],
    ['times of text', ({ measured }) => ({ measured: { ...measured, latency: { predict: { p50: 'x' } } } }), 'measured'],
    ['a host of its own', ({ measured }) => ({ measured: { ...measured, host: 'x' } }), 'measured'],
    ['HTML for a name', () => ({ algorithm: { markup: '<script>' } }), 'algorithm'],
  ])('is refused with %s, by its key', async (_name, change, key) => {
    const record = await toyRecord()
    expect(readChanged(record, change(record))).toMatchObject({
      kind: 'unusable',
      problem: `its key "${key}" is missing or of the wrong type`,
    })
  })

  it('leaves no trace in the prototypes of what reads it', async () => {
    const record = await toyRecord()
    const text = recordText(record).replace('{', '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}},')
    expect(parseRecord(JSON.parse(text), record.hash).kind).toBe('record')
    expect('polluted' in {}).toBe(false)
  })
})
