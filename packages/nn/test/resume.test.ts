import { spawn } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { sayTensorflowIsMissing, TESTED_ENGINES } from './support/tensorflow.ts'

const CHILD = fileURLToPath(new URL('fixtures/train-child.mjs', import.meta.url))

const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'im-iad-resume-'))

interface Outcome {
  /** `<step> <loss>`. */
  readonly steps: readonly string[]
  readonly signal: NodeJS.Signals | null
  readonly code: number | null
  readonly errors: string
}

/** Trains in a process of its own. @param killAfter - the step after which it is killed, or `null` */
async function trainInChild(engine: string, folder: string, killAfter: number | null): Promise<Outcome> {
  const child = spawn(process.execPath, [CHILD, engine, folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  const steps: string[] = []
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const ended = new Promise<Pick<Outcome, 'signal' | 'code'>>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
  for await (const line of createInterface({ input: child.stdout })) {
    steps.push(line)
    if (killAfter !== null && line.startsWith(`${killAfter} `)) child.kill('SIGKILL')
  }
  return { steps, errors, ...(await ended) }
}

sayTensorflowIsMissing()

describe.each(TESTED_ENGINES.filter((engine) => engine !== 'cpu'))('a training on the %s engine that is killed', (engine) => {
  it('goes on where it was and ends with the same bytes', async () => {
    const [undisturbed, killed] = [await temporaryFolder(), await temporaryFolder()]
    const whole = await trainInChild(engine, undisturbed, null)
    expect([whole.code, whole.errors]).toEqual([0, ''])
    expect(whole.steps).toHaveLength(12)
    const first = await trainInChild(engine, killed, 3)
    expect(first.signal).toBe('SIGKILL')
    const second = await trainInChild(engine, killed, 8)
    expect(second.signal).toBe('SIGKILL')
    const last = await trainInChild(engine, killed, null)
    expect([last.code, last.errors]).toEqual([0, ''])
    // Every step that was done again, after a kill, had the loss that it had before.
    for (const line of [...first.steps, ...second.steps, ...last.steps]) expect(whole.steps).toContain(line)
    expect(Number(second.steps[0]?.split(' ')[0])).toBeGreaterThan(1)
    const [expected, actual] = await Promise.all([undisturbed, killed].map((folder) => readFile(join(folder, 'final.safetensors'))))
    expect(actual.equals(expected)).toBe(true)
  })
})

describe('a checkpoint', () => {
  it('that is damaged or of another training is refused, saying so', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'checkpoint'), 'not a checkpoint')
    expect((await trainInChild('wasm', folder, null)).errors).toMatch(
      /cannot read the tensors \[IM_IAD_E_SAFETENSORS\][^]*the checkpoint of the training/,
    )
  })
})
