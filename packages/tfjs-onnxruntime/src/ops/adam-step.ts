import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** What a step of Adam works with; all tensors have the variable's shape but for the last two, which broadcast to it. */
export interface AdamOperands {
  readonly variable: Tensor
  readonly gradient: Tensor
  /** The running mean of the gradients. */
  readonly first: Tensor
  /** The running mean of their squares. */
  readonly second: Tensor
  /** The step's length, with the corrections of both moments in it. */
  readonly rate: Tensor
  /** What is added to the root of the second moment. */
  readonly epsilon: Tensor
}

/** What they have become. */
export type AdamResults = Pick<AdamOperands, 'variable' | 'first' | 'second'>

/**
 * One step of Adam (Kingma & Ba, 2015, algorithm 1): `m ← β₁ m + (1 - β₁) g`, `v ← β₂ v + (1 - β₂) g²`, `w ← w - rate · m / (√v + ε)`. One kernel where the engine has it: a dozen calls less to record for
 * each variable of a network. It has no gradient.
 */
export function adamStep(operands: AdamOperands, [beta1, beta2]: readonly [number, number]): AdamResults {
  const { variable, gradient, first, second, rate, epsilon } = operands
  if (tf.getBackend() === 'onnxruntime') {
    const outputs = tf.engine().runKernel('AdamStep', { ...operands }, { beta1, beta2 }) as Tensor[]
    return { variable: outputs[0], first: outputs[1], second: outputs[2] }
  }
  const mean = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1))
  const square = tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2))
  return { variable: tf.sub(variable, tf.mul(tf.div(mean, tf.add(tf.sqrt(square), epsilon)), rate)), first: mean, second: square }
}
