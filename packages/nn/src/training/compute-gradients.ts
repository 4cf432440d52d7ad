import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'

/** A loss, alone or with the parts that it is made of, which are logged. */
export type LossValue = Scalar | { readonly total: Scalar; readonly parts: Readonly<Record<string, Scalar>> }

export interface ComputedGradients {
  readonly loss: Scalar
  /** Kept tensors: dispose them. */
  readonly parts: Readonly<Record<string, Scalar>>
  /** By the names of the variables; `null` where the loss does not depend on one. */
  readonly gradients: ReadonlyMap<string, Tensor | null>
}

/** A loss and its gradients by all given variables. */
export function computeGradients(tf: TensorEngine, variables: ReadonlyMap<string, Variable>, loss: () => LossValue): ComputedGradients {
  let parts: Readonly<Record<string, Scalar>> = {}
  const { value, grads } = tf.variableGrads(() => {
    const result = loss()
    if (!('total' in result)) return result
    parts = Object.fromEntries(Object.entries(result.parts).map(([name, part]) => [name, tf.keep(part)]))
    return result.total
  }, [...variables.values()])
  const gradients = new Map<string, Tensor | null>([...variables].map(([name, variable]) => [name, grads[variable.name] ?? null]))
  return { loss: value, parts, gradients }
}
