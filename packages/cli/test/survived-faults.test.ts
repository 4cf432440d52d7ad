import { spawn, spawnSync } from 'node:child_process'
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { announced, faultyRun, type RunDocument } from './support/faulty-run.ts'
import { imIad, IM_IAD, parseJson, temporaryFolder } from './support/im-iad.ts'
import { runFolder } from './support/run-folder.ts'

describe('two commands on one run', () => {
  it('at once: the second is refused and told who works on it, and the first is not disturbed', async () => {
    const cwd = await temporaryFolder()
    const folder = await temporaryFolder()
    const run = faultyRun('slow', '--set', 'faulty.milliseconds=1500')
    let pid: number | undefined
    const first = imIad(run, { cwd, env: { FAULTY_ANNOUNCE: folder }, onStart: (child) => (pid = child.pid) })
    await announced(folder, 1)
    const { code, stderr, stdout } = await imIad([...run, '--json'], { cwd })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('another im-iad works on this run [IM_IAD_E_LOCKED]')
    expect(stderr).toContain(`found:   ${join(cwd, 'runs', 'it')}`)
    expect(stderr).toMatch(new RegExp(`problem: it is process ${pid} on ${hostname()}, since \\d{4}-\\d\\d-\\d\\dT`))
    expect(stderr).toContain(`wait for it, stop it (kill ${pid}), or choose another name with --run`)
    expect((await first).code).toBe(0)
  })

  it('started at the same moment, where a killed one left its lock: one does the work, and what is left is whole', async () => {
    const cwd = await temporaryFolder()
    await mkdir(join(cwd, 'runs', 'it'), { recursive: true })
    await writeFile(join(cwd, 'runs', 'it', 'lock'), JSON.stringify({ id: 'dead', pid: 2 ** 22 + 1, host: hostname(), since: 'then' }))
    const run = faultyRun('slow', '--set', 'faulty.milliseconds=1500', '--json')
    const outcomes = await Promise.all([1, 2, 3].map(() => imIad(run, { cwd })))
    expect(outcomes.map(({ code }) => code).toSorted()).toEqual([0, 2, 2])
    expect(outcomes.find(({ code }) => code === 0)?.stderr).toContain('the run was left unfinished by process 4194305')
    expect(await readdir(join(cwd, 'runs', 'it'))).toEqual(['experiments', 'plan.json'])
  })
})

describe('a record that was damaged', () => {
  it.each([
    ['cut short', (text: string) => text.slice(0, 300), 'cut short or edited by hand'],
    ['edited', (text: string) => text.replace(/("image\.auroc": )[^,\n]+/, '$10.1234'), 'edited by hand: its checksum is another'],
    ['emptied', () => '', 'it is empty'],
    ['written by a later version', (text: string) => text.replace('"schema": 1', '"schema": 9'), 'it has schema 9'],
  ])('(%s) is said, by name, and done again', async (_name, damage, problem) => {
    const cwd = await temporaryFolder()
    const { experiments } = parseJson<RunDocument>(await imIad(faultyRun('none', '--seeds', '0,1', '--json'), { cwd }))
    const expected = await runFolder(join(cwd, 'runs'))
    const file = join(cwd, 'runs', 'it', 'experiments', experiments[0]?.hash ?? '', 'record.json')
    const text = await readFile(file, 'utf8')
    expect(damage(text)).not.toBe(text)
    await writeFile(file, damage(text))
    const { code, stderr } = await imIad(faultyRun('none', '--seeds', '0,1'), { cwd })
    expect(code).toBe(0)
    expect(stderr).toContain('warning: a record cannot be used, so its experiment counts as not done')
    expect(stderr).toContain(file)
    expect(stderr).toContain(problem)
    expect(stderr).toContain('1 of 2 experiments had a record already, 1 to do')
    expect(await runFolder(join(cwd, 'runs'))).toEqual(expected)
  })
})

describe('a clock that goes backwards', () => {
  it('changes no result, makes no time negative, and stops neither progress nor limits', async () => {
    const preload = `--import=${pathToFileURL(fileURLToPath(new URL('support/clock-backwards.mjs', import.meta.url))).href}`
    const env = { NODE_OPTIONS: preload }
    const cwd = await temporaryFolder()
    const undisturbed = await temporaryFolder()
    const run = faultyRun('slow', '--set', 'faulty.milliseconds=1000', '--json')
    const { stderr, ...outcome } = await imIad(run, { cwd, env })
    expect(stderr).toContain(' 25 %')
    const [experiment] = parseJson<RunDocument>({ ...outcome, stderr }).experiments
    expect(experiment?.status).toBe('done')
    for (const seconds of Object.values(experiment?.measured.seconds ?? { none: -1 })) expect(seconds).toBeGreaterThanOrEqual(0)
    expect(experiment?.measured.seconds['fit']).toBeGreaterThan(0.9)
    await imIad(run, { cwd: undisturbed })
    expect(await runFolder(join(cwd, 'runs'))).toEqual(await runFolder(join(undisturbed, 'runs')))
    const limited = parseJson<RunDocument>(await imIad(faultyRun('never-return', '--time-limit', '1s', '--json'), { env }))
    expect(limited.experiments).toMatchObject([{ error: { code: 'IM_IAD_E_TIME_LIMIT' } }])
    expect(limited.experiments[0]?.measured.seconds['total']).toBeGreaterThanOrEqual(1)
    expect(limited.experiments[0]?.measured.seconds['total']).toBeLessThan(5)
  })
})

describe('a plugin that prints', () => {
  it.each([
    ['print', [], 'done  '],
    ['print-below', [], 'done  '],
    ['print', ['--in-process'], '{"by": "console.log"}'],
  ])('(%s %j) leaves one JSON document on standard output', async (fault, flags, said) => {
    const { code, stdout, stderr } = await imIad(faultyRun(fault, '--json', ...flags))
    expect(code).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(parseJson<RunDocument>({ code, stdout, stderr }).experiments).toMatchObject([{ status: 'done' }])
    expect(stderr).toContain(said)
  })
})

const PRLIMIT = spawnSync('prlimit', ['--version']).status === 0

describe('a machine that has no more to give', () => {
  if (!PRLIMIT) process.stderr.write('skipped: there is no util-linux "prlimit" here to take files away with\n')

  // The end of the first experiment's process frees three files, a further process needs eight: with two more its record is saved and no other begun.
  it.skipIf(!PRLIMIT).each([
    [
      'for another process',
      2,
      /cannot start a process for an experiment \[IM_IAD_E_CHILD_START\]\n.*EMFILE/,
      '1 of 3 experiments had a record already, 2 to do',
    ],
    ['for a record', 0, /cannot write to the run folder \[IM_IAD_E_STORE\]\n.*\n.*EMFILE/, 'started '],
  ])('stops the run, says so, fails no experiment, and is gone on from later: no files left %s', async (_name, spare, said, saved) => {
    const cwd = await temporaryFolder()
    const folder = await temporaryFolder()
    const run = faultyRun('slow', '--seeds', '0,1,2')
    const { code, stderr } = await imIad(run, {
      cwd,
      env: { FAULTY_ANNOUNCE: folder },
      onStart: ({ pid = 0 }) => void announced(folder, 1).then(() => leaveFiles(pid, spare)),
    })
    expect(stderr).toMatch(said)
    expect(stderr).toContain('ulimit -n')
    expect(code).toBe(2)
    const again = await imIad(run, { cwd })
    expect(again.stderr).toContain(saved)
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('faulty')
  })
})

/** Takes all files from a running process but those it has open and `spare` more. */
async function leaveFiles(pid: number, spare: number): Promise<void> {
  const taken = (await readdir(`/proc/${pid}/fd`)).map(Number)
  const free = Array.from({ length: 4096 }, (_, file) => file).filter((file) => !taken.includes(file))
  spawnSync('prlimit', ['--pid', String(pid), `--nofile=${free[spare]}:4096`])
}

describe('a reader that goes away', () => {
  it('does not stop the run', async () => {
    const cwd = await temporaryFolder()
    const child = spawn(process.execPath, [IM_IAD, ...faultyRun('slow')], { cwd, env: { ...process.env, IM_IAD_HOME: cwd } })
    child.stdout.destroy()
    child.stderr.destroy()
    expect(await new Promise((resolve) => void child.once('exit', resolve))).toBe(0)
    expect((await imIad(faultyRun('slow'), { cwd })).stderr).toContain('1 of 1 experiments had a record already')
  })
})

describe('Ctrl-C while the plan is being made', () => {
  it('stops within a second and says that nothing was started', async () => {
    const root = await temporaryFolder()
    const folder = join(root, 'train', 'good')
    await mkdir(folder, { recursive: true })
    // Sparse files: there is much to hash, and nothing on the disk.
    for (let index = 0; index < 32; index++) {
      const file = await open(join(folder, `${index}.png`), 'w')
      await file.truncate(2e8)
      await file.close()
    }
    let interrupted = 0
    const { code, stderr } = await imIad(['run', '-d', 'folder', '--data-root', root, '-a', 'padim', '--budget', 'smoke'], {
      cwd: root,
      onStart: (child) =>
        setTimeout(() => {
          interrupted = performance.now()
          child.kill('SIGINT')
        }, 1200),
    })
    expect(performance.now() - interrupted).toBeLessThan(1000)
    expect(stderr).toContain('im-iad: interrupted')
    expect(code).toBe(130)
    expect(await readdir(root)).not.toContain('runs')
    await rm(folder, { recursive: true })
  })
})
