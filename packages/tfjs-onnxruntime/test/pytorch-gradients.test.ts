import { readFileSync } from 'node:fs'
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { engineCounters, resetEngineCounters, sync } from '../src/index.ts'
import { expectClose, openEngines } from './support/compare.ts'
import { PYTORCH_CASES, type Compute } from './support/pytorch-cases.ts'
import { uniform } from './support/uniform.ts'

/** An array: its norm, and elements that are evenly spaced. */
interface Summary {
  readonly shape: readonly number[]
  readonly norm: number
  readonly values: readonly number[]
}

interface Fixture {
  readonly torch: string
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly inputs: readonly { readonly shape: number[]; readonly scale: number; readonly offset: number }[]
        readonly result: Summary
        readonly gradients: readonly Summary[]
      }
    >
  >
}

const fixture = JSON.parse(readFileSync(new URL('fixtures/gradients.json', import.meta.url), 'utf8')) as Fixture
/** Relative to the largest element. */
const TOLERANCE = 1e-5

const draw = (seed: number, shape: number[], scale: number, offset = 0): Tensor =>
  tf.tensor(uniform(seed, tf.util.sizeFromShape(shape), scale, offset), shape)

/** The result, and the gradients of the result times drawn numbers. */
function differentiate(compute: Compute, inputs: Tensor[]): Tensor[] {
  const result = compute(...inputs)
  const weights = draw(900, result.shape, 1)
  return [result, ...tf.grads((...given: Tensor[]) => tf.sum(tf.mul(compute(...given), weights)))(inputs)]
}

async function expectSummary(tensor: Tensor, { shape, norm, values }: Summary): Promise<void> {
  expect(tensor.shape).toEqual(shape)
  const actual = [...(await tensor.data())]
  const every = Math.ceil(actual.length / 40)
  expectClose(
    actual.filter((_, index) => index % every === 0),
    values,
    TOLERANCE,
  )
  expectClose([Math.hypot(...actual)], [norm], TOLERANCE)
}

describe(`results and gradients, against PyTorch ${fixture.torch} in float64`, () => {
  beforeAll(openEngines)

  it('every case of the fixture', () => expect(Object.keys(PYTORCH_CASES)).toEqual(Object.keys(fixture.cases)))

  it.each(Object.entries(fixture.cases))('%s', async (name, { inputs, result, gradients }) => {
    const compute = PYTORCH_CASES[name]
    if (compute === undefined) throw new Error(`${name} is not written for TensorFlow.js`)
    resetEngineCounters()
    const all = tf.tidy(() =>
      differentiate(
        compute,
        inputs.map(({ shape, scale, offset }, index) => draw(1 + index, shape, scale, offset)),
      ),
    )
    await sync(all)
    for (const [index, summary] of [result, ...gradients].entries()) await expectSummary(all[index], summary)
    tf.dispose(all)
    expect(engineCounters().fallbacks).toEqual({})
  })
})
