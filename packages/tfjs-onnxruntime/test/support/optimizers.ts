import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** One step of an optimiser: records the loss, its gradients and the updates. */
export type TrainStep = (loss: () => Scalar) => Scalar

function stepWith(parameters: readonly Variable[], update: (gradients: readonly Tensor[]) => void): TrainStep {
  return (loss) =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, [...parameters])
      update(parameters.map(({ name }) => grads[name] ?? tf.zeros([])))
      return value
    })
}

/** SGD with momentum and L2 decay, as PyTorch defines it. */
export function sgd(parameters: readonly Variable[], rate: number, momentum: number, decay: number): TrainStep {
  const velocities = parameters.map(({ shape }) => tf.variable(tf.zeros(shape)))
  return stepWith(parameters, (gradients) => {
    for (const [index, parameter] of parameters.entries()) {
      const velocity = velocities[index]
      velocity.assign(tf.add(tf.mul(velocity, momentum), tf.add(gradients[index], tf.mul(parameter, decay))))
      parameter.assign(tf.sub(parameter, tf.mul(velocity, rate)))
    }
  })
}

interface AdamOptions {
  readonly rate: number
  readonly decay: number
  /** Whether the decay is taken from the weights directly (AdamW). */
  readonly decoupled?: boolean
  readonly epsilon?: number
}

/** Adam and AdamW, as PyTorch defines them, with its default moments. */
export function adam(parameters: readonly Variable[], { rate, decay, decoupled = false, epsilon = 1e-8 }: AdamOptions): TrainStep {
  const first = parameters.map(({ shape }) => tf.variable(tf.zeros(shape)))
  const second = parameters.map(({ shape }) => tf.variable(tf.zeros(shape)))
  let steps = 0
  return stepWith(parameters, (gradients) => {
    steps++
    const rateNow = tf.scalar(rate / (1 - 0.9 ** steps))
    const correction = tf.scalar(1 / Math.sqrt(1 - 0.999 ** steps))
    for (const [index, parameter] of parameters.entries()) {
      const gradient = decoupled ? gradients[index] : tf.add(gradients[index], tf.mul(parameter, decay))
      first[index].assign(tf.add(tf.mul(first[index], 0.9), tf.mul(gradient, 0.1)))
      second[index].assign(tf.add(tf.mul(second[index], 0.999), tf.mul(tf.square(gradient), 0.001)))
      const step = tf.div(tf.mul(first[index], rateNow), tf.add(tf.mul(tf.sqrt(second[index]), correction), epsilon))
      const decayed = decoupled ? tf.mul(parameter, 1 - rate * decay) : parameter
      parameter.assign(tf.sub(decayed, step))
    }
  })
}
