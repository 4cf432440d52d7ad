import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** Gradients for a kernel's inputs, by name; each is computed only when it is wanted. */
type Gradients = Readonly<Record<string, () => Tensor>>

interface Saved {
  /** Names of inputs that the gradient uses. */
  readonly inputs?: readonly string[]
  /** Which outputs it uses. */
  readonly outputs?: readonly boolean[]
}

/** The gradient of a kernel of one output. `saved` are the inputs named, then the outputs marked. */
export function gradientOf<A = Readonly<Record<string, unknown>>>(
  kernelName: string,
  { inputs = [], outputs = [] }: Saved,
  compute: (dy: Tensor, saved: readonly Tensor[], attributes: A) => Gradients,
): GradConfig {
  return {
    kernelName,
    inputsToSave: [...inputs],
    outputsToSave: [...outputs],
    gradFunc: (dy, saved, attributes) => ({ ...compute(Array.isArray(dy) ? dy[0] : dy, saved, attributes as A) }),
  }
}

/** The gradient of a kernel of several outputs. */
export function gradientOfMany<A>(
  kernelName: string,
  { inputs = [], outputs = [] }: Saved,
  compute: (dys: readonly Tensor[], saved: readonly Tensor[], attributes: A) => Gradients,
): GradConfig {
  return {
    kernelName,
    inputsToSave: [...inputs],
    outputsToSave: [...outputs],
    gradFunc: (dy, saved, attributes) => ({ ...compute(Array.isArray(dy) ? dy : [dy], saved, attributes as A) }),
  }
}

/** The gradient of a kernel of any number of inputs, all of which are saved. */
export function gradientOfList<A>(
  kernelName: string,
  compute: (dy: Tensor, inputs: readonly Tensor[], attributes: A) => readonly (() => Tensor)[],
): GradConfig {
  return {
    kernelName,
    saveAllInputs: true,
    gradFunc: (dy, saved, attributes) =>
      Object.fromEntries(
        compute(Array.isArray(dy) ? dy[0] : dy, saved, attributes as A).map((gradient, index) => [String(index), gradient]),
      ),
  }
}

/** Sums over the axes that an operand of the given shape was broadcast along. */
export function sumTo(x: Tensor, shape: readonly number[]): Tensor {
  const lead = x.rank - shape.length
  const axes = x.shape.flatMap((extent, axis) => (axis < lead || (shape[axis - lead] === 1 && extent !== 1) ? [axis] : []))
  const summed = axes.length === 0 ? x : tf.sum(x, axes, true)
  return tf.reshape(summed, [...shape])
}

/** A kernel called by its name. */
export function runKernel(name: string, inputs: Record<string, Tensor>, attributes: object): Tensor {
  return tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as Tensor
}
