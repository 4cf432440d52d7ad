import { readdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockFile } from '../src/weights/file-lock.ts'
import { temporaryFolder } from './support/im-iad.ts'

const LONG = { signal: new AbortController().signal, onWait: () => undefined, patienceMilliseconds: 60_000 }

describe('the lock of a file', () => {
  it('is waited for, saying once who has it, and leaves nothing behind', async () => {
    const folder = await temporaryFolder()
    const file = join(folder, 'toy.safetensors')
    const [waits, unlock] = [[] as string[], await lockFile(file, LONG)]
    const second = lockFile(file, { ...LONG, onWait: (holder) => waits.push(holder) })
    await expect.poll(() => waits).toEqual([`process ${process.pid} on ${hostname()}`])
    setTimeout(() => void unlock(), 600)
    await (
      await second
    )()
    expect(waits).toHaveLength(1)
    expect(await readdir(folder)).toEqual([])
  })

  it('is given up after too long a wait, or when the command is stopped', async () => {
    const file = join(await temporaryFolder(), 'toy.safetensors')
    await writeFile(`${file}.lock`, JSON.stringify({ pid: 1, host: 'elsewhere', since: '2026-01-01T00:00:00.000Z' }))
    await expect(lockFile(file, { ...LONG, patienceMilliseconds: 0 })).rejects.toMatchObject({
      code: 'IM_IAD_E_LOCKED',
      facts: { found: `${file}.lock, held by process 1 on elsewhere` },
    })
    const stop = new AbortController()
    await expect(lockFile(file, { ...LONG, signal: stop.signal, onWait: () => stop.abort() })).rejects.toThrow('aborted')
  })

  it('is taken over from a dead process whose number another process has now: it says when it started', async () => {
    const folder = await temporaryFolder()
    const file = join(folder, 'toy.safetensors')
    const left = { pid: process.ppid, host: hostname(), started: 'some other time', since: '2026-01-01T00:00:00.000Z', id: 'left' }
    await writeFile(`${file}.lock`, JSON.stringify(left))
    const unlock = await lockFile(file, { ...LONG, patienceMilliseconds: 0 })
    await unlock()
    expect(await readdir(folder)).toEqual([])
  })
})
