import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { gradientOf, gradientOfList, sumTo } from './gradient.ts'

interface ProductAttributes {
  readonly transposeA: boolean
  readonly transposeB: boolean
}

/** With respect to an operand that went in transposed, the gradient comes out transposed. */
function productGradients(
  dy: Tensor,
  [a, b]: readonly Tensor[],
  { transposeA, transposeB }: ProductAttributes,
): { a: () => Tensor; b: () => Tensor } {
  return {
    a: () => sumTo(transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB), a.shape),
    b: () => sumTo(transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false), b.shape),
  }
}

/**
 * The gradient for one operand of a sum of products: the products of `dy` with the other operands, summed to the operand's subscripts; subscripts that only it has are
 * repeated.
 */
function einsumGradient(dy: Tensor, inputs: readonly Tensor[], equation: string, index: number): Tensor {
  const [left = '', output = ''] = equation.replaceAll(' ', '').split('->')
  const terms = left.split(',')
  const own = [...(terms[index] ?? '')]
  const others = terms.filter((_, other) => other !== index)
  const known = new Set([...output, ...others.join('')])
  const shared = own.filter((subscript) => known.has(subscript))
  const summed = tf.einsum(`${[output, ...others].join(',')}->${shared.join('')}`, dy, ...inputs.filter((_, other) => other !== index))
  const shape = own.map((subscript, axis) => (known.has(subscript) ? inputs[index].shape[axis] : 1))
  return tf.broadcastTo(tf.reshape(summed, shape), inputs[index].shape)
}

export const productGradientConfigs: readonly GradConfig[] = [
  gradientOf<ProductAttributes>('BatchMatMul', { inputs: ['a', 'b'] }, productGradients),
  gradientOfList<{ readonly equation: string }>('Einsum', (dy, inputs, { equation }) =>
    inputs.map((_, index) => () => einsumGradient(dy, inputs, equation, index)),
  ),
]
