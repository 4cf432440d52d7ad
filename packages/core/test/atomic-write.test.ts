import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { writeFileAtomically } from '../src/store/atomic-write.ts'
import { openRunStore } from '../src/store/run-store.ts'
import { temporaryFolder } from './support/toy-run.ts'

const WRITER = fileURLToPath(new URL('fixtures/write-again-and-again.js', import.meta.url))
const SIZE = 4_000_000

describe('a file that is written atomically', () => {
  it('is the old one or the new one, never a part, wherever its writer is killed; the next run clears up', async () => {
    const directory = await temporaryFolder()
    const file = join(directory, 'plan.json')
    const seen = new Set<string>()
    let leftovers = 0
    for (let attempt = 0; attempt < 12; attempt++) {
      const writer = spawn(process.execPath, [WRITER, file, String(SIZE)])
      await once(writer.stdout, 'data')
      await wait(20 + 13 * attempt)
      writer.kill('SIGKILL')
      await once(writer, 'close')
      const text = await readFile(file, 'utf8').catch(() => null)
      expect([null, 'a'.repeat(SIZE), 'b'.repeat(SIZE)].includes(text)).toBe(true)
      seen.add(text === null ? 'none' : text.charAt(0))
      leftovers = (await readdir(directory)).length - 1
    }
    expect(seen.size).toBeGreaterThan(1)
    expect(leftovers).toBeGreaterThan(0)
    const lock = await openRunStore(directory, () => undefined).lock()
    await lock.release()
    expect((await readdir(directory)).toSorted()).toEqual(['experiments', 'plan.json'])
  })

  it('leaves nothing behind when it can not be written', async () => {
    const directory = await temporaryFolder()
    await writeFileAtomically(join(directory, 'taken', 'inside'), 'a folder with something in it')
    await expect(writeFileAtomically(join(directory, 'taken'), 'text')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/)
    expect(await readdir(directory)).toEqual(['taken'])
  })
})
