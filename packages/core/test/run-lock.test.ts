import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { lockRun } from '../src/store/run-lock.ts'
import { temporaryFolder } from './support/toy-run.ts'

const TAKE_LOCK = fileURLToPath(new URL('fixtures/take-lock.js', import.meta.url))
/** No process has this number: Linux ends at 2^22. */
const NOBODY = 2 ** 22 + 1

interface Content {
  readonly pid: number
  readonly host?: string
  readonly started?: string
  readonly id?: string
}

/** What a process that takes locks prints. */
interface Won {
  readonly index: number
  readonly leftBy: string | null
}

async function lockedFolder({ pid, host = hostname(), ...rest }: Content): Promise<string> {
  const directory = await temporaryFolder()
  await writeFile(join(directory, 'lock'), JSON.stringify({ pid, host, since: '2026-01-01T00:00:00.000Z', ...rest }))
  return directory
}

describe('the lock of a run', () => {
  it('is held once, names its holder, and is gone when it is released', async () => {
    const directory = await temporaryFolder()
    const lock = await lockRun(directory)
    expect(lock.leftBy).toBeNull()
    const { pid, host, since } = JSON.parse(await readFile(join(directory, 'lock'), 'utf8'))
    expect({ pid, host }).toEqual({ pid: process.pid, host: hostname() })
    await expect(lockRun(directory)).rejects.toMatchObject({
      code: 'IM_IAD_E_LOCKED',
      facts: {
        found: directory,
        problem: `it is process ${pid} on ${host}, since ${since}`,
        fix: `wait for it, stop it (kill ${pid}), or choose another name with --run`,
      },
    })
    await lock.release()
    expect(await readdir(directory)).toEqual([])
  })

  it.each([
    ['process is gone', { pid: NOBODY }],
    ["process's number belongs to another process now", { pid: process.ppid, started: 'some other time' }],
    [
      'number is that of this very process, which started later (a container started again)',
      { pid: process.pid, started: 'some other time' },
    ],
  ])('is taken over when its %s', async (_name, content) => {
    const directory = await lockedFolder(content)
    const { leftBy, release } = await lockRun(directory)
    expect(leftBy).toBe(`process ${content.pid} on ${hostname()}, since 2026-01-01T00:00:00.000Z`)
    await release()
    expect(await readdir(directory)).toEqual([])
  })

  it('is taken over from a process that has ended and that nobody waits for', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 20'], { stdio: ['ignore', 'pipe', 'ignore'] })
    const [text] = await once(parent.stdout, 'data')
    await expect.poll(() => readFile(`/proc/${Number(text)}/stat`, 'utf8'), { timeout: 10_000 }).toMatch(/\) Z /)
    await expect(lockRun(await lockedFolder({ pid: Number(text) }))).resolves.toBeDefined()
    parent.kill()
  })

  it.each(['', '{"pid": 1', '[]', '{"pid": "one"}'])('is taken over when it says nothing of use: %j', async (text) => {
    const directory = await temporaryFolder()
    await writeFile(join(directory, 'lock'), text)
    expect((await lockRun(directory)).leftBy).toBeNull()
  })

  it('of another machine is left alone, with what to do about it', async () => {
    const directory = await lockedFolder({ pid: NOBODY, host: 'elsewhere' })
    await expect(lockRun(directory)).rejects.toMatchObject({
      code: 'IM_IAD_E_LOCKED',
      facts: {
        problem: expect.stringContaining(`process ${NOBODY} on elsewhere, since 2026`),
        fix: `wait for it, or choose another name with --run. If im-iad does not run on elsewhere any more, delete ${join(directory, 'lock')}`,
      },
    })
  })

  it('is taken over from a process that was killed while it took it over itself', async () => {
    const directory = await lockedFolder({ pid: NOBODY, id: 'aaaa' })
    await writeFile(join(directory, 'lock.aaaa'), JSON.stringify({ pid: NOBODY, host: hostname(), since: 'then', id: 'bbbb' }))
    const { release } = await lockRun(directory)
    await release()
    expect(await readdir(directory)).toEqual([])
  })

  it('that somebody else has by now is not released', async () => {
    const directory = await temporaryFolder()
    const lock = await lockRun(directory)
    await writeFile(join(directory, 'lock'), JSON.stringify({ pid: process.ppid, host: hostname(), since: 'now', id: 'other' }))
    await lock.release()
    expect(await readdir(directory)).toEqual(['lock'])
  })
})

describe('processes that find the same lock at the same moment', () => {
  const ROUNDS = 40
  const PROCESSES = 6

  it.each([
    ['left by a dead process', JSON.stringify({ pid: NOBODY, host: hostname(), since: 'then', id: 'dead' })],
    ['of old, without an identity', JSON.stringify({ pid: NOBODY, host: hostname(), since: 'then' })],
    ['that is not there', null],
  ])(`give it to exactly one of them: %s`, async (_name, content) => {
    const root = await temporaryFolder()
    const folders = Array.from({ length: ROUNDS }, (_, round) => join(root, String(round)))
    for (const folder of folders) {
      await mkdir(folder)
      if (content !== null) await writeFile(join(folder, 'lock'), content)
    }
    const start = Date.now() + 1000
    const takers = Array.from({ length: PROCESSES }, () => spawn(process.execPath, [TAKE_LOCK, String(start), '70', ...folders]))
    const won = await Promise.all(
      takers.map(async ({ stdout }): Promise<readonly Won[]> => JSON.parse(String((await once(stdout, 'data'))[0]))),
    )
    for (const taker of takers) taker.kill('SIGKILL')
    expect(won.flat().toSorted((a, b) => a.index - b.index)).toEqual(
      folders.map((_, index) => ({ index, leftBy: content === null ? null : `process ${NOBODY} on ${hostname()}, since then` })),
    )
    for (const folder of folders) expect(await readdir(folder)).toEqual(['lock'])
  })
})
