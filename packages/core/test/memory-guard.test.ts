import { describe, expect, it } from 'vitest'
import { parseSetting } from '../src/plan/parameter-variants.ts'
import { defaultMemoryBytes } from '../src/runner/memory-guard.ts'
import { toyPlan, toyRun } from './support/toy-run.ts'

const faulty = (fault: string, change: Parameters<typeof toyPlan>[0] = {}): ReturnType<typeof toyPlan> =>
  toyPlan({ algorithms: ['faulty'], settings: [parseSetting(`faulty.fault=${fault}`)], ...change })

describe('an experiment that eats the memory', () => {
  it.each(['leak-buffers', 'leak-heap'])('is stopped at its limit and recorded as failed: %s', async (fault) => {
    const { records } = await toyRun(await faulty(`${fault},none`, { memoryLimitBytes: 5e8 }), { isolation: 'child-process' })
    expect(records.map((record) => record.status).toSorted()).toEqual(['done', 'failed'])
    expect(records.find((record) => record.status === 'failed')?.error).toMatchObject({
      code: 'IM_IAD_E_MEMORY_LIMIT',
      message: expect.stringContaining('it passed --memory-limit of 500 MB'),
    })
  })

  it('is stopped without a limit of its own too, before the machine suffers; the smaller one beside it goes on', async () => {
    const plan = await faulty('leak-buffers,slow')
    const { records } = await toyRun(plan, { isolation: 'child-process', workers: 2, sharedMemoryBytes: 8e8 })
    expect(records.map((record) => [record.inputs.algorithm.parameters['fault'], record.status])).toEqual([
      ['leak-buffers', 'failed'],
      ['slow', 'done'],
    ])
    expect(records[0]?.error).toMatchObject({
      code: 'IM_IAD_E_MEMORY_LIMIT',
      message: expect.stringContaining('passed 800 MB, 85 % of what there is'),
    })
  })

  it('may take 85 % of the machine, or of its control group', () => {
    expect(defaultMemoryBytes(100, 0)).toBe(85)
    expect(defaultMemoryBytes(100, 2 ** 64)).toBe(85)
    expect(defaultMemoryBytes(100, 40)).toBe(34)
  })
})
