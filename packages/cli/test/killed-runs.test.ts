import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { announced, faultyRun, gone, type RunDocument } from './support/faulty-run.ts'
import { imIad, parseJson, temporaryFolder } from './support/im-iad.ts'
import { runFolder } from './support/run-folder.ts'

const RUN = faultyRun('slow', '--set', 'faulty.milliseconds=200', '--seeds', '0,1,2,3', '--workers', '2')

describe('a run whose process is killed', () => {
  it('leaves what an undisturbed one does when it is started again, and says how many records it found', async () => {
    const undisturbed = await temporaryFolder()
    const start = performance.now()
    expect((await imIad(RUN, { cwd: undisturbed })).code).toBe(0)
    const duration = performance.now() - start
    const expected = await runFolder(join(undisturbed, 'runs'))
    for (const moment of [0.35, 0.6, 0.85]) {
      const cwd = await temporaryFolder()
      await imIad(RUN, { cwd, onStart: (child) => setTimeout(() => child.kill('SIGKILL'), moment * duration) })
      const folder = join(cwd, 'runs', 'it', 'experiments')
      const found = await Promise.all((await readdir(folder).catch(() => [])).map((hash) => readdir(join(folder, hash))))
      const saved = found.filter((files) => files.includes('record.json')).length
      const { code, stderr } = await imIad(RUN, { cwd })
      expect(code).toBe(0)
      expect(/(\d) of 4 experiments had a record already/.exec(stderr)?.[1] ?? '0').toBe(String(saved))
      expect(await runFolder(join(cwd, 'runs'))).toEqual(expected)
    }
  })

  it.each(['never-return', 'block-javascript', 'block-native'])(
    'takes its experiments with it, even those that are busy: %s',
    async (fault) => {
      const folder = await temporaryFolder()
      let pids: readonly number[] = []
      await imIad(faultyRun(fault, '--seeds', '0,1', '--workers', '2'), {
        env: { FAULTY_ANNOUNCE: folder },
        onStart: (child) =>
          void announced(folder, 2).then((found) => {
            pids = found
            child.kill('SIGKILL')
          }),
      })
      expect(pids).toHaveLength(2)
      for (const pid of pids) await gone(pid, 2000)
    },
  )

  it('is not gone on with while one of its experiments still runs', async () => {
    const cwd = await temporaryFolder()
    const folder = await temporaryFolder()
    let stopped = 0
    await imIad(faultyRun('slow'), {
      cwd,
      env: { FAULTY_ANNOUNCE: folder },
      onStart: (child) =>
        void announced(folder, 1).then(([pid = 0]) => {
          // Stopped, it can't notice that it is an orphan.
          process.kill(pid, 'SIGSTOP')
          stopped = pid
          child.kill('SIGKILL')
        }),
    })
    const running = imIad(faultyRun('slow'), { cwd })
    await gone(stopped, 8000)
    expect((await running).code).toBe(0)
  })

  it('is said to have been left unfinished, by whom', async () => {
    const cwd = await temporaryFolder()
    const folder = await temporaryFolder()
    let killed: number | undefined
    await imIad(faultyRun('never-return'), {
      cwd,
      env: { FAULTY_ANNOUNCE: folder },
      onStart: (child) =>
        void announced(folder, 1).then(() => {
          killed = child.pid
          child.kill('SIGKILL')
        }),
    })
    const { code, stderr } = await imIad(faultyRun('none'), { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain(`the run was left unfinished by process ${killed} on`)
  })

  it('clears away what was half written', async () => {
    const cwd = await temporaryFolder()
    const clean = await temporaryFolder()
    const document = parseJson<RunDocument>(await imIad(faultyRun('none', '--json'), { cwd: clean }))
    const run = join(cwd, 'runs', 'it')
    const experiment = join(run, 'experiments', document.experiments[0]?.hash ?? '')
    await mkdir(join(experiment, 'maps'), { recursive: true })
    await mkdir(join(run, 'work', document.experiments[0]?.hash ?? '', 'scratch'), { recursive: true })
    for (const file of [
      join(run, '.plan.json.0.partial'),
      join(run, 'lock.0123456789ab'),
      join(experiment, '.record.json.1.partial'),
      join(experiment, 'maps', '.index.json.2.partial'),
      join(experiment, 'maps', '0099-map.npy'),
      join(experiment, 'scores.csv'),
      join(run, 'work', document.experiments[0]?.hash ?? '', 'scratch', 'train.frames'),
    ])
      await writeFile(file, 'half of')
    expect((await imIad(faultyRun('none'), { cwd })).code).toBe(0)
    expect(await runFolder(join(cwd, 'runs'))).toEqual(await runFolder(join(clean, 'runs')))
  })
})

describe('an experiment whose process is killed', () => {
  it('is recorded as failed with the cause, and the others go on', async () => {
    const cwd = await temporaryFolder()
    const folder = await temporaryFolder()
    const run = faultyRun('never-return,none', '--json')
    void announced(folder, 1).then(([pid]) => process.kill(pid ?? 0, 'SIGKILL'))
    const outcome = await imIad(run, { cwd, env: { FAULTY_ANNOUNCE: folder } })
    const { experiments } = parseJson<RunDocument>(outcome)
    expect(outcome.code).toBe(1)
    expect(experiments.map((experiment) => experiment.status).toSorted()).toEqual(['done', 'failed'])
    expect(experiments.find((experiment) => experiment.status === 'failed')?.error).toMatchObject({
      code: 'IM_IAD_E_CHILD',
      message: expect.stringContaining('it was killed by SIGKILL'),
    })
    expect(await readdir(join(cwd, 'runs', 'it'))).toEqual(['experiments', 'plan.json'])
  })

  it('is tried again with --retry-failed, and only then', async () => {
    const cwd = await temporaryFolder()
    const run = faultyRun('never-return', '--json')
    await imIad([...run, '--time-limit', '1s'], { cwd })
    const again = await imIad(run, { cwd })
    expect(again.code).toBe(1)
    expect(again.stderr).toContain('1 of 1 experiments had a record already')
    const retried = await imIad([...run, '--time-limit', '1s', '--retry-failed'], { cwd })
    expect(retried.stderr).not.toContain('had a record already')
    expect(parseJson<RunDocument>(retried).experiments).toMatchObject([{ error: { code: 'IM_IAD_E_TIME_LIMIT' } }])
  })

  it('takes what a plugin started with it', async () => {
    const folder = await temporaryFolder()
    await imIad(faultyRun('grandchild-of-the-group', '--set', 'faulty.afterwards=exit-zero'), { env: { FAULTY_ANNOUNCE: folder } })
    const [pid = 0] = await announced(folder, 1)
    await gone(pid, 1000)
    expect(pid).toBeGreaterThan(1)
  })

  it('does not hold the run up when it leaves a process behind that keeps its output open', async () => {
    const start = performance.now()
    const { code } = await imIad(faultyRun('grandchild'))
    expect(code).toBe(0)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
