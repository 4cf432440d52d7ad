import { spawn, spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { announced, faultyRun, gone, type RunDocument } from './support/faulty-run.ts'
import { imIad, IM_IAD, parseJson, temporaryFolder } from './support/im-iad.ts'

/** Experiments with seeds 0 and 1 finish; those that never return are in flight when the interruption comes. */
const RUN = faultyRun('none,never-return', '--seeds', '0,1', '--workers', '3')

describe('Ctrl-C', () => {
  it.each([
    ['SIGINT', 'to the group, as a terminal sends it', -1],
    ['SIGINT', 'to the process', 1],
    ['SIGTERM', 'to the process', 1],
  ] as const)('(%s %s) stops within a second, says what is saved and how to go on, and exits 130', async (signal, _to, sign) => {
    const cwd = await temporaryFolder()
    const folder = await temporaryFolder()
    let interrupted = 0
    let pids: readonly number[] = []
    const { code, stderr, stdout } = await imIad([...RUN, '--json'], {
      cwd,
      env: { FAULTY_ANNOUNCE: folder },
      detached: true,
      onStart(child) {
        let said = ''
        child.stderr?.on('data', (text: Buffer) => {
          said += text.toString()
          if (interrupted > 0 || said.split('done  ').length < 3) return
          interrupted = performance.now()
          void announced(folder, 2).then((found) => {
            pids = found
            interrupted = performance.now()
            process.kill(sign * (child.pid ?? 0), signal)
          })
        })
      },
    })
    expect(performance.now() - interrupted).toBeLessThan(1000)
    expect(code).toBe(130)
    expect(stderr).toContain(`2 finished experiments are saved in ${join(cwd, 'runs', 'it')}, 2 are not done`)
    expect(stderr).toContain('The same command goes on from there')
    expect(parseJson<RunDocument>({ code, stdout, stderr }).experiments.map((experiment) => experiment.status)).toEqual(['done', 'done'])
    for (const pid of pids) await gone(pid, 500)
    const left = await readdir(join(cwd, 'runs', 'it'))
    expect(left).not.toContain('lock')
    expect((await imIad([...RUN, '--time-limit', '1s'], { cwd })).stderr).toContain('2 of 4 experiments had a record already, 2 to do')
  })

  it('a second time ends it at once', async () => {
    const folder = await temporaryFolder()
    let interrupted = 0
    const { code } = await imIad(faultyRun('never-return'), {
      env: { FAULTY_ANNOUNCE: folder },
      onStart: (child) =>
        void announced(folder, 1).then(() => {
          interrupted = performance.now()
          child.kill('SIGINT')
          child.kill('SIGTERM')
        }),
    })
    expect(code).toBe(130)
    expect(performance.now() - interrupted).toBeLessThan(800)
  })

  it('stops a plugin in this process too, if it lets go of the processor', async () => {
    const folder = await temporaryFolder()
    let interrupted = 0
    const { code, stderr } = await imIad(faultyRun('never-return', '--in-process'), {
      env: { FAULTY_ANNOUNCE: folder },
      onStart: (child) =>
        void announced(folder, 1).then(() => {
          interrupted = performance.now()
          child.kill('SIGINT')
        }),
    })
    expect(code).toBe(130)
    expect(stderr).toContain('0 finished experiments are saved')
    expect(performance.now() - interrupted).toBeLessThan(1000)
  })
})

const SCRIPT = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0

describe('Ctrl-C in a terminal', () => {
  if (!SCRIPT) process.stderr.write('skipped: there is no util-linux "script" here to make a terminal with\n')

  it.skipIf(!SCRIPT)('ends the live bars, shows the cursor again, and exits 130', async () => {
    const folder = await temporaryFolder()
    const words = [process.execPath, IM_IAD, ...faultyRun('never-return', '--seeds', '0,1', '--workers', '2')]
    const terminal = spawn('script', ['-qec', words.map((word) => `'${word}'`).join(' '), '/dev/null'], {
      cwd: folder,
      env: { ...process.env, IM_IAD_HOME: folder, FAULTY_ANNOUNCE: folder, TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    let seen = ''
    terminal.stdout.on('data', (text: Buffer) => (seen += text.toString()))
    const ended = new Promise<number | null>((resolve) => void terminal.once('close', resolve))
    const pids = await announced(folder, 2)
    const interrupted = performance.now()
    terminal.stdin.write('\u0003')
    expect(await ended).toBe(130)
    expect(performance.now() - interrupted).toBeLessThan(1500)
    expect(seen).toContain('0 finished experiments are saved')
    expect(seen.lastIndexOf('\u001B[?25h')).toBeGreaterThan(seen.lastIndexOf('\u001B[?25l'))
    for (const pid of pids) await gone(pid, 500)
  })
})
