import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { modelFolder } from '@im-iad/testkit'
import { describe, expect, it } from 'vitest'

const CHILD = fileURLToPath(new URL('fixtures/train-child.mjs', import.meta.url))

interface Outcome {
  /** `<fraction> <loss>`. */
  readonly steps: readonly string[]
  readonly signal: NodeJS.Signals | null
  readonly code: number | null
  readonly errors: string
}

/** Trains in a process of its own. @param killAfter - the step after which it is killed, or `null` */
async function trainInChild(folder: string, killAfter: number | null, learningRate: number = 0.01): Promise<Outcome> {
  const child = spawn(process.execPath, [CHILD, folder, String(learningRate)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const steps: string[] = []
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const ended = new Promise<Pick<Outcome, 'signal' | 'code'>>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
  for await (const line of createInterface({ input: child.stdout })) {
    steps.push(line)
    if (steps.length === killAfter) child.kill('SIGKILL')
  }
  return { steps, errors, ...(await ended) }
}

describe('a training that is killed', () => {
  it('goes on where it was and ends with the same weights', async () => {
    const [undisturbed, killed] = [await modelFolder(), await modelFolder()]
    const whole = await trainInChild(undisturbed, null)
    expect([whole.code, whole.errors]).toEqual([0, ''])
    // Twelve steps, and the end.
    expect(whole.steps).toHaveLength(13)
    const first = await trainInChild(killed, 5)
    expect(first.signal).toBe('SIGKILL')
    const last = await trainInChild(killed, null)
    expect([last.code, last.errors]).toEqual([0, ''])
    expect(last.steps.length).toBeLessThan(13)
    for (const line of [...first.steps, ...last.steps]) expect(whole.steps).toContain(line)
    const [expected, found] = await Promise.all(
      [undisturbed, killed].map((folder) => readFile(join(folder, 'model', 'devnet.safetensors'))),
    )
    expect(found.equals(expected)).toBe(true)
  })

  it('is not gone on with under other parameters: the difference is named', async () => {
    const folder = await modelFolder()
    expect((await trainInChild(folder, 5)).signal).toBe('SIGKILL')
    const other = await trainInChild(folder, null, 0.02)
    expect(other.code).toBe(1)
    expect(other.errors).toMatch(
      /cannot go on from the checkpoint \[IM_IAD_E_CHECKPOINT\][^]*learningRate is 0\.01 in the checkpoint, 0\.02 here/,
    )
  })
})
