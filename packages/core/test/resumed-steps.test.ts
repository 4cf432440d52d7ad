import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { experimentDirectory, type Plan } from '../dist/index.js'
import { temporaryFolder, toyPlan, toyRun, type ToyRun } from './support/toy-run.ts'

afterEach(() => {
  delete process.env['TOY_PAUSE']
})

const continualPlan = (): Promise<Plan> => toyPlan({ categories: null, paradigms: ['toy-continual'] })

/** Runs it until it trains the second task, and kills its process there. */
async function killedInTheSecondTask(plan: Plan): Promise<ToyRun> {
  const directory = await temporaryFolder()
  process.env['TOY_PAUSE'] = 'right'
  const run = await toyRun(plan, {
    directory,
    isolation: 'child-process',
    onEvent: (event) => {
      if (event.kind === 'log' && event.line === 'pausing') void kill(directory)
    },
  })
  delete process.env['TOY_PAUSE']
  return run
}

async function kill(directory: string): Promise<void> {
  const [hash = ''] = await readdir(join(directory, 'work')).then((names) => names.filter((name) => name.length === 64))
  const { pid } = JSON.parse(await readFile(join(directory, 'work', hash, 'process.json'), 'utf8')) as { pid: number }
  process.kill(pid, 'SIGKILL')
}

const tasksFitted = (run: ToyRun): readonly string[] =>
  run.events.flatMap((event) =>
    event.kind === 'log' && event.line.startsWith('{') ? [(JSON.parse(event.line) as { task: string }).task] : [],
  )

const stable = (run: ToyRun): unknown => run.records.map(({ measured: _measured, ...record }) => record)

const scores = (run: ToyRun): Promise<string> =>
  readFile(join(experimentDirectory(run.directory, run.records[0]?.hash ?? ''), 'scores.csv'), 'utf8')

describe('an experiment of several tasks that is killed between them', () => {
  it('goes on with the next task, to the same record and scores', async () => {
    const plan = await continualPlan()
    const undisturbed = await toyRun(plan)
    const killed = await killedInTheSecondTask(plan)
    expect(killed.records).toMatchObject([{ status: 'failed', error: { code: 'IM_IAD_E_CHILD' } }])
    const resumed = await toyRun(plan, { directory: killed.directory, isolation: 'child-process', retryFailed: true })
    expect(tasksFitted(undisturbed)).toEqual(['left', 'right'])
    expect(tasksFitted(resumed)).toEqual(['right'])
    expect(stable(resumed)).toEqual(stable(undisturbed))
    expect(await scores(resumed)).toBe(await scores(undisturbed))
    expect(await readdir(resumed.directory)).not.toContain('work')
  })

  it.each(['model-1/mean.json', 'completed.json'])('begins again when what was kept is damaged: %s', async (file) => {
    const plan = await continualPlan()
    const killed = await killedInTheSecondTask(plan)
    const kept = join(killed.directory, 'work', killed.records[0]?.hash ?? '', 'completed')
    expect((await readdir(kept)).toSorted()).toEqual(['completed.json', 'model-1'])
    await writeFile(join(kept, file), '{ cut sho')
    const resumed = await toyRun(plan, { directory: killed.directory, retryFailed: true })
    expect(tasksFitted(resumed)).toEqual(['left', 'right'])
    expect(stable(resumed)).toEqual(stable(await toyRun(plan)))
  })

  it('keeps nothing where there is one step only', async () => {
    const run = await toyRun(await toyPlan())
    expect(await readdir(run.directory)).not.toContain('work')
  })
})

describe('categories that are chosen', () => {
  it('are what an experiment over the dataset has, and are part of its hash', async () => {
    const plan = await toyPlan({ categories: ['right'], paradigms: ['toy-continual'] })
    const [record] = (await toyRun(plan)).records
    expect(record?.inputs.categories).toEqual(['right'])
    expect(record?.evaluations.map(({ task }) => task)).toEqual(['right'])
    expect(record?.hash).not.toBe((await continualPlan()).experiments[0]?.job.hash)
  })

  it('are not said where they are all, in whatever order', async () => {
    const all = await toyPlan({ categories: ['right', 'left'], paradigms: ['toy-continual'] })
    expect(all.experiments[0]?.job.inputs).not.toHaveProperty('categories')
    expect(all.experiments[0]?.job.hash).toBe((await continualPlan()).experiments[0]?.job.hash)
  })
})
