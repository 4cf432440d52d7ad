import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'
import { adamUpdate } from './adam.ts'
import type { OptimizerSettings, VariableUpdate } from './optimizer-settings.ts'
import { sgdUpdate } from './sgd.ts'

/** Variables that share settings. Names are unique over all groups: they name the optimiser's state in a checkpoint. */
export interface ParameterGroup {
  readonly variables: ReadonlyMap<string, Variable>
  readonly settings: OptimizerSettings
}

/** Changes variables by their gradients. Its state lies in variables of the engine and is changed by operations, so that a lazy engine computes a whole step at once. */
export interface Optimizer {
  /** All that it changes, over all groups. */
  readonly variables: ReadonlyMap<string, Variable>
  /** Moments and momentum buffers by `<variable>/<slot>`. A variable has its slots from the start. */
  readonly state: ReadonlyMap<string, Variable>
  /** Steps that each variable has been through: part of a checkpoint. PyTorch counts them for each on its own. */
  readonly steps: Map<string, number>
  /**
   * One step. A variable without a gradient (`null` or absent) is left as it is, by weight decay too.
   * @param factor - of the schedule: multiplies every group's learning rate
   */
  apply(gradients: ReadonlyMap<string, Tensor | null>, factor: number): void
  dispose(): void
}

const SLOTS: Readonly<Record<OptimizerSettings['kind'], readonly string[]>> = {
  adam: ['first-moment', 'second-moment'],
  adamw: ['first-moment', 'second-moment'],
  sgd: ['momentum'],
}

export function createOptimizer(tf: TensorEngine, groups: readonly ParameterGroup[]): Optimizer {
  const variables = new Map(groups.flatMap((group) => [...group.variables]))
  const slots = new Map(
    groups.flatMap((group) => [...group.variables].map(([name, variable]) => [name, createSlots(tf, variable, group.settings)])),
  )
  const state = new Map([...slots].flatMap(([name, own]) => [...own].map(([slot, variable]) => [`${name}/${slot}`, variable])))
  const steps = new Map([...variables.keys()].map((name) => [name, 0]))
  return {
    variables,
    state,
    steps,
    apply(gradients, factor) {
      tf.tidy(() => {
        const number = rememberNumbers(tf)
        for (const group of groups)
          for (const [name, variable] of group.variables) {
            const gradient = gradients.get(name) ?? null
            if (gradient === null) continue
            const step = (steps.get(name) ?? 0) + 1
            steps.set(name, step)
            const learningRate = group.settings.learningRate * factor
            update(group.settings, {
              tf,
              variable,
              gradient,
              slots: slots.get(name) ?? new Map(),
              number: (value) => number(value, variable.rank),
              step,
              learningRate,
            })
          }
      })
    },
    dispose: () => tf.dispose([...state.values()]),
  }
}

function update(settings: OptimizerSettings, step: VariableUpdate): void {
  if (settings.kind === 'sgd') sgdUpdate(settings, step)
  else adamUpdate(settings, step)
}

/** Plain gradient descent keeps nothing. */
function createSlots(tf: TensorEngine, variable: Variable, settings: OptimizerSettings): ReadonlyMap<string, Variable> {
  if (settings.kind === 'sgd' && (settings.momentum ?? 0) === 0) return new Map()
  return new Map(
    SLOTS[settings.kind].map((slot) => {
      // Not tf.zeros: a lazy engine would compile the first step with their making in it, and the second without.
      const zeros = tf.tensor(new Float32Array(variable.size), variable.shape)
      const created = tf.variable(zeros, false)
      zeros.dispose()
      return [slot, created]
    }),
  )
}

/**
 * Equal numbers of one step share a tensor, with as many axes as the variable, all of size 1. It is cut from a tensor of two numbers: a compiling engine takes a tensor of one for a constant, and
 * compiles again when it has changed.
 */
function rememberNumbers(tf: TensorEngine): (value: number, rank: number) => Tensor {
  const made = new Map<string, Tensor>()
  return (value, rank) => {
    const key = `${value} ${rank}`
    const shape = Array.from({ length: rank }, () => 1)
    const tensor = made.get(key) ?? tf.reshape(tf.slice(tf.tensor1d([value, value]), 0, 1), shape)
    made.set(key, tensor)
    return tensor
  }
}
