import { PassThrough } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ask } from '../src/ask.ts'

const ENTER = '\r'
const DOWN = '\u001B[B'
const CTRL_C = '\u0003'

/** A terminal at which the keys are typed one after the other. */
function typing(...keys: readonly string[]): {
  readonly terminal: { input: PassThrough; output: PassThrough }
  readonly done: Promise<void>
} {
  const input = new PassThrough()
  const output = new PassThrough()
  output.resume()
  const type = async (): Promise<void> => {
    for (const key of keys) {
      await pause(50)
      input.write(key)
    }
  }
  return { terminal: { input, output }, done: type() }
}

it('asks for everything that was not said', async () => {
  const { terminal, done } = typing(DOWN, ENTER, 'im-iad-dataset-bolts', ENTER, ENTER, DOWN, ENTER)
  const answers = await ask({}, terminal)
  await done
  expect(answers).toEqual({ kind: 'dataset', name: 'im-iad-dataset-bolts', directory: 'im-iad-dataset-bolts', license: 'Apache-2.0' })
})

it('asks for nothing that was said, and offers a name after the folder', async () => {
  const { terminal, done } = typing(ENTER)
  const answers = await ask({ kind: 'metric', directory: 'cost', license: 'MIT' }, terminal)
  await done
  expect(answers).toEqual({ kind: 'metric', name: 'im-iad-metric-cost', directory: 'cost', license: 'MIT' })
})

it('insists on a name that npm takes', async () => {
  const { terminal, done } = typing('Bolts', ENTER, ...Array.from('Bolts', () => '\u007F'), 'bolts', ENTER)
  const answers = await ask({ kind: 'dataset', directory: 'b', license: 'MIT' }, terminal)
  await done
  expect(answers).toMatchObject({ name: 'bolts' })
})

it('can be given up', async () => {
  const { terminal, done } = typing(CTRL_C)
  expect(await ask({}, terminal)).toBeNull()
  await done
})
