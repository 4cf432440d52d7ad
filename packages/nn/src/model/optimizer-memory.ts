import type { TensorEngine } from '../engines/engine-request.ts'
import { misshapenParameter, missingParameter } from '../parameters/parameter-errors.ts'
import type { ParameterValue } from '../parameters/parameter-set.ts'
import type { Optimizer } from '../training/optimizer.ts'
import type { StoredNetwork } from './model-files.ts'

/** The name that the steps of all variables have in a file; no variable's state is called so. */
const STEPS = 'steps'

/** An optimiser's moments, momentum and step counts as something that is kept in a model's file, for algorithms whose next task goes on with them. */
export function optimizerMemory(tf: TensorEngine, { variables, state, steps }: Optimizer): StoredNetwork {
  const names = [...variables.keys()]
  return {
    async read() {
      const counts: ParameterValue = { shape: [names.length], data: Float32Array.from(names, (name) => steps.get(name) ?? 0) }
      const entries = [...state].map(async ([name, variable]): Promise<[string, ParameterValue]> => [
        name,
        // A copy: an engine may hand out memory that it writes to later.
        { shape: variable.shape, data: Float32Array.from(await variable.data()) },
      ])
      return { ...Object.fromEntries(await Promise.all(entries)), [STEPS]: counts }
    },
    write(values) {
      const counts = valueOf(values, STEPS, [names.length])
      for (const [index, name] of names.entries()) steps.set(name, counts[index])
      tf.tidy(() => {
        for (const [name, variable] of state) variable.assign(tf.tensor(valueOf(values, name, variable.shape), variable.shape))
      })
    },
  }
}

function valueOf(values: ReadonlyMap<string, ParameterValue>, name: string, shape: readonly number[]): Float32Array {
  const value = values.get(name)
  if (value === undefined) throw missingParameter(name, 'the optimiser')
  if (value.shape.join() !== shape.join()) throw misshapenParameter(name, value.shape, shape)
  return value.data
}
