import type { Variable } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'

/** Exponential moving averages of variables (Polyak averaging): a ← d a + (1 - d) w after every step, starting at the variables' own values. */
export interface MovingAverage {
  readonly averages: ReadonlyMap<string, Variable>
  update(): void
  /** Puts the averages into the variables. */
  copyToVariables(): void
  dispose(): void
}

/** @param decay - in [0, 1): 0.999 keeps about a thousand steps */
export async function createMovingAverage(
  tf: TensorEngine,
  variables: ReadonlyMap<string, Variable>,
  decay: number,
): Promise<MovingAverage> {
  if (!(decay >= 0 && decay < 1)) throw new RangeError(`the decay of a moving average is in [0, 1), got ${decay}`)
  const averages = new Map<string, Variable>()
  for (const [name, variable] of variables) {
    // A copy: where both are one tensor at first, a lazy engine compiles the first step with one input and the others with two.
    const copy = tf.tensor(Float32Array.from(await variable.data()), variable.shape)
    averages.set(name, tf.variable(copy, false))
    copy.dispose()
  }
  const each = (work: (average: Variable, variable: Variable) => void): void =>
    tf.tidy(() => {
      for (const [name, variable] of variables) {
        const average = averages.get(name)
        if (average !== undefined) work(average, variable)
      }
    })
  return {
    averages,
    update: () => each((average, variable) => average.assign(tf.add(tf.mul(average, decay), tf.mul(variable, 1 - decay)))),
    copyToVariables: () => each((average, variable) => variable.assign(tf.clone(average))),
    dispose: () => tf.dispose([...averages.values()]),
  }
}
