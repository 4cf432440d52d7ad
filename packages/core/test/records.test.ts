import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { experimentDirectory, type ExperimentRecord } from '../src/index.ts'
import { parseRecordText, recordText } from '../src/store/parse-record.ts'
import { openRunStore } from '../src/store/run-store.ts'
import { toyPlan, toyRun } from './support/toy-run.ts'

const plan = await toyPlan()
const { directory, records } = await toyRun(plan)
const [record] = records
if (record === undefined) throw new Error('the toy run made no record')
const hash = record.hash
const text = await readFile(join(experimentDirectory(directory, hash), 'record.json'), 'utf8')

describe('record.json', () => {
  it('is read as it was written, numbers that JSON can not hold as null', () => {
    expect(parseRecordText(text, hash)).toEqual({ kind: 'record', record })
    const infinite: ExperimentRecord = { ...record, metrics: { 'image.auroc': Number.NaN } }
    const parsed = parseRecordText(recordText(infinite), hash)
    expect(parsed).toMatchObject({ kind: 'record', record: { metrics: { 'image.auroc': null } } })
  })

  it('is the same whatever its keys are laid out like', () => {
    expect(parseRecordText(JSON.stringify(JSON.parse(text)), hash)).toEqual({ kind: 'record', record })
  })

  const edited = (change: (value: Record<string, unknown>) => void): string => {
    const value = JSON.parse(text)
    change(value)
    return JSON.stringify(value)
  }

  it.each([
    ['empty', '', 'it is empty'],
    ['of blanks', '\n \n', 'it is empty'],
    ['of zeros, as after a power cut', '\0'.repeat(512), 'it was cut short or edited by hand: it is no JSON'],
    ['cut short', text.slice(0, text.length / 2), 'it was cut short or edited by hand: it is no JSON'],
    ['no object', '[1]', 'it holds no record'],
    ['of a later schema', edited((value) => (value['schema'] = 2)), 'it has schema 2; this im-iad reads and writes 1'],
    ['without a schema', edited((value) => delete value['schema']), 'it has schema undefined'],
    ['with another metric', text.replace(/("image\.gap": )[^,\n]+/, '$10.999'), 'its checksum is another'],
    ['with another time', text.replace(/("total": )[^,\n]+/, '$10.001'), 'its checksum is another'],
    [
      'without its checksum',
      edited((value) => delete (value['measured'] as Record<string, unknown>)['checksum']),
      'its checksum is another',
    ],
    ['with another status', text.replace('"status": "done"', '"status": "well"'), 'its key "status" is missing or of the wrong type'],
    [
      'with other inputs',
      text.replace('"seed": 0,\n  "dataFingerprint"', '"seed": 5,\n  "dataFingerprint"'),
      'its inputs do not have its hash',
    ],
    ['without metrics', edited((value) => delete value['metrics']), 'its key "metrics" is missing'],
    ['without what was measured', edited((value) => delete value['measured']), 'its key "measured" is missing'],
  ])('that is %s is no record', (_name, damaged, problem) => {
    expect(damaged).not.toBe(text)
    expect(parseRecordText(damaged, hash)).toEqual({ kind: 'unusable', problem: expect.stringContaining(problem) })
  })

  it('in the folder of another experiment is none, and is named', async () => {
    const said: string[] = []
    const store = openRunStore(directory, (message) => said.push(message))
    const elsewhere = experimentDirectory(directory, '0'.repeat(64))
    await mkdir(dirname(elsewhere), { recursive: true })
    await rename(experimentDirectory(directory, hash), elsewhere)
    expect(await store.readAll()).toEqual([])
    expect(said).toEqual([expect.stringContaining(join(elsewhere, 'record.json'))])
    await rename(elsewhere, experimentDirectory(directory, hash))
  })

  it('that is damaged is said, by name, and its experiment done again', async () => {
    await writeFile(join(experimentDirectory(directory, hash), 'record.json'), text.slice(0, 200))
    const said: string[] = []
    const again = await toyRun(plan, { directory, onDamage: (message) => said.push(message) })
    expect(again.reused).toBe(0)
    expect(said).toEqual([
      expect.stringMatching(/^warning: a record cannot be used, so its experiment counts as not done \[IM_IAD_E_RECORD\]/),
    ])
    expect(said[0]).toContain(join(experimentDirectory(directory, hash), 'record.json'))
    const { measured: _first, ...stable } = record
    expect(again.records).toMatchObject([stable])
  })
})

describe('plan.json', () => {
  it('that is damaged is said, by name, and written anew', async () => {
    await writeFile(join(directory, 'plan.json'), '{"experiments": [')
    const said: string[] = []
    await toyRun(plan, { directory, onDamage: (message) => said.push(message) })
    expect(said).toEqual([expect.stringContaining(join(directory, 'plan.json'))])
    expect(JSON.parse(await readFile(join(directory, 'plan.json'), 'utf8')).experiments).toHaveLength(1)
  })
})
