import * as tf from '@tensorflow/tfjs-core'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { engineCounters } from '../src/index.ts'
import { booleans, broadcastable, floats, integers, shapes } from './support/arbitrary.ts'
import { expectSame, openEngines } from './support/compare.ts'

type Unary = (x: tf.Tensor) => tf.Tensor
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor

/** Functions of one tensor, with the range they are tried on. */
const UNARY: Readonly<Record<string, readonly [Unary, number, number]>> = {
  abs: [tf.abs, -3, 3],
  acos: [tf.acos, -0.99, 0.99],
  acosh: [tf.acosh, 1.01, 5],
  asin: [tf.asin, -0.99, 0.99],
  asinh: [tf.asinh, -3, 3],
  atan: [tf.atan, -3, 3],
  atanh: [tf.atanh, -0.99, 0.99],
  ceil: [tf.ceil, -3, 3],
  clipByValue: [(x) => tf.clipByValue(x, -1, 1.5), -3, 3],
  cos: [tf.cos, -6, 6],
  cosh: [tf.cosh, -3, 3],
  elu: [tf.elu, -3, 3],
  erf: [tf.erf, -3, 3],
  exp: [tf.exp, -3, 3],
  expm1: [tf.expm1, -3, 3],
  floor: [tf.floor, -3, 3],
  gelu: [(x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))), -3, 3],
  isFinite: [(x) => tf.isFinite(tf.log(x)), -3, 3],
  isInf: [(x) => tf.isInf(tf.log(x)), 0, 3],
  isNaN: [(x) => tf.isNaN(tf.log(x)), -3, 3],
  leakyRelu: [(x) => tf.leakyRelu(x, 0.1), -3, 3],
  log: [tf.log, 0.01, 3],
  log1p: [tf.log1p, -0.9, 3],
  logSigmoid: [tf.logSigmoid, -3, 3],
  mish: [(x) => tf.mul(x, tf.tanh(tf.softplus(x))), -3, 3],
  neg: [tf.neg, -3, 3],
  onesLike: [tf.onesLike, -3, 3],
  reciprocal: [tf.reciprocal, 0.1, 3],
  relu: [tf.relu, -3, 3],
  relu6: [tf.relu6, -9, 9],
  round: [tf.round, -3, 3],
  rsqrt: [tf.rsqrt, 0.1, 3],
  selu: [tf.selu, -3, 3],
  sigmoid: [tf.sigmoid, -6, 6],
  sign: [tf.sign, -3, 3],
  sin: [tf.sin, -6, 6],
  sinh: [tf.sinh, -3, 3],
  softplus: [tf.softplus, -6, 6],
  sqrt: [tf.sqrt, 0, 3],
  square: [tf.square, -3, 3],
  step: [(x) => tf.step(x, 0.3), -3, 3],
  swish: [(x) => tf.mul(x, tf.sigmoid(x)), -3, 3],
  tan: [tf.tan, -1.3, 1.3],
  tanh: [tf.tanh, -3, 3],
  toBool: [(x) => tf.cast(x, 'bool'), -1, 1],
  toInt: [(x) => tf.cast(x, 'int32'), -3, 3],
  zerosLike: [tf.zerosLike, -3, 3],
}

const BINARY: Readonly<Record<string, readonly [Binary, number, number]>> = {
  add: [tf.add, -3, 3],
  atan2: [tf.atan2, -3, 3],
  div: [tf.div, 0.1, 3],
  divNoNan: [tf.divNoNan, 0, 1],
  equal: [tf.equal, -0.02, 0.02],
  greater: [tf.greater, -0.02, 0.02],
  greaterEqual: [tf.greaterEqual, -0.02, 0.02],
  less: [tf.less, -0.02, 0.02],
  lessEqual: [tf.lessEqual, -0.02, 0.02],
  maximum: [tf.maximum, -3, 3],
  minimum: [tf.minimum, -3, 3],
  mod: [tf.mod, 0.3, 3],
  mul: [tf.mul, -3, 3],
  notEqual: [tf.notEqual, -0.02, 0.02],
  pow: [tf.pow, 0.1, 3],
  prelu: [tf.prelu, -3, 3],
  squaredDifference: [tf.squaredDifference, -3, 3],
  sub: [tf.sub, -3, 3],
}

const INTEGER: Readonly<Record<string, Binary>> = {
  add: tf.add,
  div: tf.div,
  equal: tf.equal,
  floorDiv: tf.floorDiv,
  greater: tf.greater,
  less: tf.less,
  lessEqual: tf.lessEqual,
  maximum: tf.maximum,
  minimum: tf.minimum,
  mod: tf.mod,
  mul: tf.mul,
  notEqual: tf.notEqual,
  sub: tf.sub,
}

const LOGICAL: Readonly<Record<string, Binary>> = {
  and: tf.logicalAnd,
  equal: tf.equal,
  greater: tf.greater,
  not: (a) => tf.logicalNot(a),
  or: tf.logicalOr,
  xor: tf.logicalXor,
}

describe('element-wise functions, against tfjs cpu', () => {
  beforeAll(openEngines)

  it.each(Object.entries(UNARY))('%s', async (_, [compute, min, max]) => {
    await fc.assert(
      fc.asyncProperty(
        shapes(0, 4).chain((shape) => floats(shape, min, max)),
        (x) => expectSame([x], compute),
      ),
      { numRuns: 8 },
    )
  })

  it.each(Object.entries(BINARY))('%s, with broadcasting', async (_, [compute, min, max]) => {
    const operands = broadcastable().chain(([a, b]) => fc.tuple(floats(a, min, max), floats(b, min, max)))
    await fc.assert(
      fc.asyncProperty(operands, (inputs) => expectSame(inputs, compute)),
      { numRuns: 12 },
    )
  })

  it.each([
    ['floorDiv', tf.floorDiv, 49],
    ['mod', tf.mod, 0.3],
  ] as const)('%s where a rounded quotient would reach or miss a whole number', async (_, compute, divisor) => {
    const dividend = { shape: [6], dtype: 'float32', values: [49, 98, 3, 6, -3, -49] } as const
    await expectSame([dividend, { shape: [1], dtype: 'float32', values: [divisor] }], compute)
  })

  it.each(Object.entries(INTEGER))('%s of integers', async (_, compute) => {
    const operands = broadcastable().chain(([a, b]) => fc.tuple(integers(a, -9, 9), integers(b, 1, 9)))
    await fc.assert(
      fc.asyncProperty(operands, (inputs) => expectSame(inputs, compute)),
      { numRuns: 8 },
    )
  })

  it.each(Object.entries(LOGICAL))('%s of booleans', async (_, compute) => {
    const operands = broadcastable().chain(([a, b]) => fc.tuple(booleans(a), booleans(b)))
    await fc.assert(
      fc.asyncProperty(operands, (inputs) => expectSame(inputs, compute)),
      { numRuns: 8 },
    )
  })

  it('where', async () => {
    const operands = broadcastable().chain(([a, b]) => fc.tuple(booleans(b), floats(a), floats(b)))
    await fc.assert(
      fc.asyncProperty(operands, (inputs) => expectSame(inputs, (condition, a, b) => tf.where(condition, a, b))),
      { numRuns: 20 },
    )
  })

  it('values at the edges of the range', async () => {
    const x = { shape: [8], dtype: 'float32', values: [0, -0, 1e-7, -1e-7, 88, -88, Number.POSITIVE_INFINITY, Number.NaN] } as const
    await expectSame([x], (a) => [tf.expm1(a), tf.sigmoid(a), tf.softplus(a), tf.tanh(a), tf.relu(a), tf.step(a), tf.isFinite(a)])
    await expectSame([x], (a) => tf.log1p(a))
    expect(engineCounters().fallbacks).toEqual({})
  })
})
