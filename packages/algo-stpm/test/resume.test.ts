import { spawn } from 'node:child_process'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const CHILD = fileURLToPath(new URL('fixtures/fit-child.mjs', import.meta.url))

const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'im-iad-stpm-'))

interface Outcome {
  /** `<fraction> <loss>` of every step. */
  readonly steps: readonly string[]
  readonly signal: NodeJS.Signals | null
  readonly errors: string
}

/** @param killAfter - of its own steps, the one after which it is killed; `null`: it is not */
async function fitInChild(folder: string, killAfter: number | null): Promise<Outcome> {
  const child = spawn(process.execPath, [CHILD, folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  const steps: string[] = []
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_code, signal) => resolve(signal)))
  for await (const line of createInterface({ input: child.stdout })) {
    const [step = '', ...rest] = line.split(' ')
    steps.push(rest.join(' '))
    if (Number(step) === killAfter) child.kill('SIGKILL')
  }
  return { steps, errors, signal: await ended }
}

it('a fit that is killed twice goes on where it was, and ends with the same weights, byte for byte', async () => {
  const [undisturbed, killed] = [await temporaryFolder(), await temporaryFolder()]
  const whole = await fitInChild(undisturbed, null)
  expect([whole.errors, whole.signal]).toEqual(['', null])
  // Twelve steps and the end.
  expect(whole.steps).toHaveLength(13)
  for (const killAfter of [4, 3]) expect((await fitInChild(killed, killAfter)).signal).toBe('SIGKILL')
  const last = await fitInChild(killed, null)
  expect([last.errors, last.signal]).toEqual(['', null])
  expect(last.steps.length).toBeLessThan(11)
  for (const step of last.steps) expect(whole.steps).toContain(step)
  for (const file of ['model/student.safetensors', 'scores.json']) {
    const [expected, actual] = await Promise.all([undisturbed, killed].map((folder) => readFile(join(folder, file))))
    expect([file, actual.equals(expected)]).toEqual([file, true])
  }
})
