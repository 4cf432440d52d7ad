import type { Scalar, Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** One scale's feature maps, `[batch, size, size, channels]`. */
type Scales = readonly [Tensor4D, Tensor4D, Tensor4D]

/** A convolution with its bias; the gain of the last ones starts at 0 and is left out here: every convolution is to have a gradient. */
function convolution(parameters: Variable[], kernel: number, inputs: number, outputs: number, stride = 1): (x: Tensor) => Tensor4D {
  const weights = tf.variable(tf.randomNormal([kernel, kernel, inputs, outputs], 0, 0.5 / Math.sqrt(kernel * kernel * inputs)))
  const bias = tf.variable(tf.zeros([outputs]))
  parameters.push(weights, bias)
  return (x) => tf.add(tf.conv2d(x as Tensor4D, weights as Tensor as Tensor4D, stride, 'same'), bias)
}

/** The sub-network of a cross-scale flow (Rudolph et al., WACV 2022, figure 4): ten convolutions on three scales that see one another. */
function crossScaleNetwork(parameters: Variable[], channels: number, hidden: number, kernel: number): (x: Scales) => Scales {
  const into = [0, 1, 2].map(() => convolution(parameters, kernel, channels, hidden))
  const out = [0, 1, 2].map(() => convolution(parameters, kernel, hidden, 2 * channels))
  const up = [0, 1].map(() => convolution(parameters, kernel, hidden, 2 * channels))
  const down = [0, 1].map(() => convolution(parameters, kernel, hidden, 2 * channels, 2))
  const twice = (x: Tensor4D): Tensor4D => tf.image.resizeBilinear(x, [x.shape[1] * 2, x.shape[2] * 2], false, true)
  return (x) => {
    const [fine, middle, coarse] = x.map((scale, index) => tf.leakyRelu(into[index](scale), 0.1)) as unknown as Scales
    return [
      tf.add(out[0](fine), up[0](twice(middle))),
      tf.addN([out[1](middle), down[0](fine), up[1](twice(coarse))]),
      tf.add(out[2](coarse), down[1](middle)),
    ]
  }
}

/** A cross-scale flow of the published structure: `blocks` affine couplings of two sub-networks each, with fixed permutations between them. */
export function crossScaleFlow({
  blocks,
  channels,
  hidden,
}: {
  readonly blocks: number
  readonly channels: number
  readonly hidden: number
}): {
  readonly parameters: readonly Variable[]
  readonly convolutions: number
  readonly loss: (x: Scales) => Scalar
} {
  const parameters: Variable[] = []
  const half = channels / 2
  const networks = Array.from({ length: blocks }, (_, block) =>
    [0, 1].map(() => crossScaleNetwork(parameters, half, hidden, block === blocks - 1 ? 5 : 3)),
  )
  const order = Array.from({ length: channels }, (_, index) => (index * 7 + 3) % channels)
  const couple = (value: Tensor4D, guide: Tensor4D, logs: Tensor[]): Tensor4D => {
    const [scales, shifts] = tf.split<Tensor4D>(guide, 2, 3)
    const scale = tf.mul(tf.atan(scales), 1.9 * 0.636)
    logs.push(tf.sum(scale))
    return tf.add(tf.mul(value, tf.exp(scale)), shifts)
  }
  return {
    parameters,
    convolutions: blocks * 20,
    loss(start) {
      const logs: Tensor[] = []
      let x = start
      for (const [first, second] of networks) {
        const mixed = x.map((scale) => tf.gather(scale, tf.tensor1d(order, 'int32'), 3)) as unknown as Scales
        const halves = mixed.map((scale) => tf.split<Tensor4D>(scale, 2, 3))
        const left = second(halves.map(([, b]) => b) as unknown as Scales).map((guide, index) => couple(halves[index][0], guide, logs))
        const right = first(left as unknown as Scales).map((guide, index) => couple(halves[index][1], guide, logs))
        x = left.map((scale, index) => tf.concat([scale, right[index]], 3)) as unknown as Scales
      }
      const energy = tf.addN(x.map((scale) => tf.mul(0.5, tf.sum(tf.square(scale)))))
      return tf.div(tf.sub(energy, tf.addN(logs)), start[0].size)
    },
  }
}
