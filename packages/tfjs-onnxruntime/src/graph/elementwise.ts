import { broadcastShapes, sameShape, sizeOf, type ElementType } from '../facts.ts'
import { foldScalars } from './fold-scalars.ts'
import { scalarValue, type Graph } from './graph.ts'
import type { Ir, IrAttributes } from './ir.ts'
import { broadcastTo } from './shaping.ts'

/** Operators of one input that work on each element by itself. */
export type UnaryOperator =
  | 'Abs'
  | 'Acos'
  | 'Acosh'
  | 'Asin'
  | 'Asinh'
  | 'Atan'
  | 'Atanh'
  | 'Ceil'
  | 'Cos'
  | 'Cosh'
  | 'Elu'
  | 'Erf'
  | 'Exp'
  | 'Floor'
  | 'HardSigmoid'
  | 'IsInf'
  | 'IsNaN'
  | 'LeakyRelu'
  | 'Log'
  | 'Neg'
  | 'Not'
  | 'Reciprocal'
  | 'Relu'
  | 'Round'
  | 'Selu'
  | 'Sigmoid'
  | 'Sign'
  | 'Sin'
  | 'Sinh'
  | 'Softplus'
  | 'Sqrt'
  | 'Tan'
  | 'Tanh'

/** Operators of two inputs that work on each pair of elements by itself; shapes broadcast. */
export type BinaryOperator =
  | 'Add'
  | 'And'
  | 'Div'
  | 'Equal'
  | 'Greater'
  | 'GreaterOrEqual'
  | 'Less'
  | 'LessOrEqual'
  | 'Max'
  | 'Min'
  | 'Mod'
  | 'Mul'
  | 'Or'
  | 'Pow'
  | 'Sub'
  | 'Xor'

const TO_BOOL: ReadonlySet<string> = new Set([
  'And',
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'IsInf',
  'IsNaN',
  'Less',
  'LessOrEqual',
  'Not',
  'Or',
  'Xor',
])

/** The largest float32. */
const STEEPEST = 3.4028234663852886e38

export function unary(graph: Graph, operator: UnaryOperator, x: Ir, attributes: IrAttributes = {}): Ir {
  // The sign of what is never negative is a ramp too steep to see (but for numbers below 3e-39): a vectorised operator, where `Sign` takes fourteen times as long.
  if (operator === 'Sign' && x.attributes['operator'] === 'Relu') return unary(graph, 'HardSigmoid', x, { alpha: STEEPEST, beta: 0 })
  return elementwise(graph, operator, [x], TO_BOOL.has(operator) ? 'bool' : x.dtype, attributes)
}

export function binary(graph: Graph, operator: BinaryOperator, a: Ir, b: Ir): Ir {
  const shape = broadcastShapes(a.shape, b.shape)
  const left = uniformValue(a)
  const right = uniformValue(b)
  if (operator === 'Mul' && right === 1 && sameShape(shape, a.shape)) return a
  if (operator === 'Mul' && left === 1 && sameShape(shape, b.shape)) return b
  if (operator === 'Mul' && right === 1) return broadcastTo(graph, a, shape)
  if (operator === 'Mul' && left === 1) return broadcastTo(graph, b, shape)
  if ((operator === 'Add' || operator === 'Sub') && right === 0 && sameShape(shape, a.shape)) return a
  if (operator === 'Add' && left === 0 && sameShape(shape, b.shape)) return b
  if (operator === 'Div' && right === 1 && sameShape(shape, a.shape)) return a
  // One division per element of the small operand instead of one per element of the result.
  if (operator === 'Div' && a.dtype === 'float32' && strippedSize(b) < strippedSize(a) && !(left !== null && right !== null))
    return binary(graph, 'Mul', a, unary(graph, 'Reciprocal', b))
  const masked = operator === 'Mul' ? (maskBeforeUnpooling(graph, a, b) ?? maskBeforeUnpooling(graph, b, a)) : null
  if (masked !== null) return masked
  const affine = operator === 'Add' ? (channelAffine(graph, a, b) ?? channelAffine(graph, b, a)) : null
  if (affine !== null) return affine
  return elementwise(graph, operator, [a, b], TO_BOOL.has(operator) ? 'bool' : a.dtype)
}

/** From this many elements of an image's channel on, a convolution of one channel beats a product and a sum. */
const WORTHWHILE = 512

/** `x * scale + offset` with numbers per channel that are computed: one pass over the images instead of two. */
function channelAffine(graph: Graph, product: Ir, offset: Ir): Ir | null {
  if (product.op !== 'Elementwise' || product.attributes['operator'] !== 'Mul' || product.dtype !== 'float32' || product.shape.length !== 4)
    return null
  const [, height, width, channels] = product.shape
  if (height * width < WORTHWHILE || !isPerChannel(offset, channels)) return null
  const [x, scale] = isPerChannel(product.inputs[1], channels) ? product.inputs : product.inputs.toReversed()
  if (!isPerChannel(scale, channels) || !sameShape(x.shape, product.shape)) return null
  return graph.node('ChannelAffine', [x, scale, offset], product)
}

/** ReLU's mask on what comes back through max pooling: a window's largest element is positive where its result is, so the mask can be put on the few results instead. */
function maskBeforeUnpooling(graph: Graph, unpooled: Ir, mask: Ir): Ir | null {
  if (unpooled.op !== 'MaxPoolGrad' || mask.attributes['operator'] !== 'HardSigmoid' || mask.attributes['alpha'] !== STEEPEST) return null
  const [dy, places] = unpooled.inputs
  const [pool] = places.inputs
  if (pool.inputs[0] !== mask.inputs[0]) return null
  const largest = graph.node('Part', [pool], pool, { index: 0 })
  const positive = elementwise(graph, 'HardSigmoid', [largest], 'float32', { alpha: STEEPEST, beta: 0 })
  return graph.node('MaxPoolGrad', [binary(graph, 'Mul', dy, positive), places], unpooled, unpooled.attributes)
}

function isPerChannel(x: Ir, channels: number): boolean {
  return x.op !== 'Constant' && x.op !== 'Broadcast' && x.shape.length === 1 && x.shape[0] === channels
}

/** Division as it is written: the product with a reciprocal can fall short of a whole number that the quotient is. */
export function exactQuotient(graph: Graph, a: Ir, b: Ir): Ir {
  return elementwise(graph, 'Div', [a, b], a.dtype)
}

/** `condition ? a : b`; the shapes broadcast. */
export function where(graph: Graph, condition: Ir, a: Ir, b: Ir): Ir {
  if (a.dtype !== 'bool') return elementwise(graph, 'Where', [condition, a, b], a.dtype)
  return cast(graph, elementwise(graph, 'Where', [condition, cast(graph, a, 'int32'), cast(graph, b, 'int32')], 'int32'), 'bool')
}

/** Values outside of the range become its ends: one operator, which ONNX Runtime makes a part of the convolution before it. */
export function clip(graph: Graph, x: Ir, least: number, most: number): Ir {
  return elementwise(graph, 'Clip', [x, graph.scalar(least, x.dtype), graph.scalar(most, x.dtype)], x.dtype)
}

export function cast(graph: Graph, x: Ir, dtype: ElementType): Ir {
  return x.dtype === dtype ? x : elementwise(graph, 'Cast', [x], dtype)
}

/** The value of a constant that is the same everywhere. */
function uniformValue(x: Ir): number | null {
  return scalarValue(x.op === 'Broadcast' ? x.inputs[0] : x)
}

function strippedSize(x: Ir): number {
  return sizeOf((x.op === 'Broadcast' ? x.inputs[0] : x).shape)
}

/**
 * A node that works element by element. Broadcasts of its inputs are left out where another input has the extents already, and put behind it otherwise, so that
 * broadcast tensors rarely come to be.
 */
function elementwise(graph: Graph, operator: string, inputs: readonly Ir[], dtype: ElementType, attributes: IrAttributes = {}): Ir {
  const shape = inputs.map((input) => input.shape).reduce(broadcastShapes)
  const sources = inputs.map((input) => (input.op === 'Broadcast' ? input.inputs[0] : input))
  const inner = sources.map((input) => input.shape).reduce(broadcastShapes)
  const folded = sources.every((source) => scalarValue(source) !== null) ? foldScalars(graph, operator, sources, inner, dtype) : null
  const result = folded ?? graph.node('Elementwise', sources, { shape: inner, dtype }, { operator, ...attributes })
  return broadcastTo(graph, result, shape)
}
