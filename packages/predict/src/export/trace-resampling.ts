import { KERNEL_SUPPORT, PRECISION_BITS, type ResampleFilter } from '@im-iad/images'
import type { GraphBuilder, Value } from '@im-iad/onnx'

/** One axis of a resampling. */
export interface AxisResampling {
  /** Source positions: int64 without dimensions, known only when the model runs. */
  readonly from: Value
  /** Positions of the whole result. */
  readonly to: number
  readonly filter: ResampleFilter
  /** The positions of the result that are wanted. */
  readonly range: { readonly first: number; readonly count: number }
}

/** Numbers of onnx.proto's element types, for `Cast`. */
const TYPES = { float32: 1, uint8: 2, int32: 6, int64: 7, float64: 11 } as const

/**
 * A fixed-point weight is split into digits of 6 bits, so that products with pixels and sums over up to 1044 taps are whole numbers below 2²⁴: exact in float32, in whatever order they are added
 * (and with 10-bit mantissas of the factors, as GPUs may use them).
 */
const DIGITS = { bits: 6, count: 4 } as const

/**
 * Resamples the first axis as `@im-iad/images` does, bit for bit: the same fixed-point weights, computed in float64 from the size that the picture has, and whole-number sums, rounded to 8 bits.
 * @param rows - uint8 `[from, values]`
 * @returns uint8 `[count, values]`
 */
export function traceResampling(graph: GraphBuilder, rows: Value, axis: AxisResampling): Value {
  const { indices, weights } = traceWeights(graph, axis)
  const taps = cast(graph, graph.node('Gather', [rows, indices], { axis: 0 }), 'float32')
  const sums = graph.node('MatMul', [digitsOf(graph, weights), taps])
  return roundToBytes(graph, sums)
}

interface TapWeights {
  /** Source positions, int64 `[count, taps]`. */
  readonly indices: Value
  /** Fixed-point, int32 `[count, taps]`; 0 where a position has fewer taps. */
  readonly weights: Value
}

/** `resampleWeights` of `@im-iad/images`, operation by operation. */
function traceWeights(graph: GraphBuilder, { from, to, filter, range }: AxisResampling): TapWeights {
  const number = (value: number): Value => graph.constant(Float64Array.of(value), [])
  const whole = (value: number): Value => graph.constant(BigInt64Array.of(BigInt(value)), [])
  const column = (value: Value): Value => graph.node('Unsqueeze', [value, graph.integers(1)])
  const scale = graph.node('Div', [cast(graph, from, 'float64'), number(to)])
  const stretch = graph.node('Max', [number(1), scale])
  const support = graph.node('Mul', [number(KERNEL_SUPPORT[filter]), stretch])
  const positions = graph.constant(Float64Array.from({ length: range.count }, (_, position) => range.first + position + 0.5))
  const centers = graph.node('Mul', [positions, scale])
  const truncated = (value: Value): Value => cast(graph, graph.node('Add', [value, number(0.5)]), 'int64')
  const starts = graph.node('Max', [whole(0), truncated(graph.node('Sub', [centers, support]))])
  const ends = graph.node('Min', [from, truncated(graph.node('Add', [centers, support]))])
  const tapCount = graph.node('Add', [graph.node('Mul', [ceiling(graph, support, whole), whole(2)]), whole(1)])
  const taps = graph.node('Range', [whole(0), tapCount, whole(1)])
  const indices = graph.node('Add', [column(starts), taps])
  const fromCenter = graph.node('Sub', [cast(graph, indices, 'float64'), column(centers)])
  const distances = graph.node('Div', [graph.node('Add', [fromCenter, number(0.5)]), stretch])
  const kernel = filter === 'bilinear' ? traceTriangle(graph, distances, number) : traceLanczos(graph, distances, number)
  const exact = graph.node('Where', [graph.node('Less', [indices, column(ends)]), kernel, number(0)])
  const sum = graph.node('ReduceSum', [exact, graph.integers(1)], { keepdims: 1 })
  const scaled = graph.node('Mul', [graph.node('Div', [exact, sum]), number(2 ** PRECISION_BITS)])
  const half = graph.node('Mul', [graph.node('Sign', [scaled]), number(0.5)])
  const last = graph.node('Sub', [from, whole(1)])
  return {
    indices: graph.node('Min', [indices, last]),
    weights: cast(graph, graph.node('Add', [scaled, half]), 'int32'),
  }
}

/** Rounded up, int64; of a positive float64. */
function ceiling(graph: GraphBuilder, value: Value, whole: (value: number) => Value): Value {
  const down = cast(graph, value, 'int64')
  const isLess = graph.node('Less', [cast(graph, down, 'float64'), value])
  return graph.node('Where', [isLess, graph.node('Add', [down, whole(1)]), down])
}

function traceTriangle(graph: GraphBuilder, distances: Value, number: (value: number) => Value): Value {
  return graph.node('Max', [number(0), graph.node('Sub', [number(1), graph.node('Abs', [distances])])])
}

function traceLanczos(graph: GraphBuilder, distances: Value, number: (value: number) => Value): Value {
  const support = number(KERNEL_SUPPORT.lanczos)
  const sinc = (value: Value): Value => {
    const angle = graph.node('Mul', [value, number(Math.PI)])
    const isCenter = graph.node('Equal', [value, number(0)])
    // Nothing divides by zero, also where the result is not taken.
    const divisor = graph.node('Where', [isCenter, number(1), angle])
    return graph.node('Where', [isCenter, number(1), graph.node('Div', [graph.node('Sin', [angle]), divisor])])
  }
  const lobes = graph.node('Mul', [sinc(distances), sinc(graph.node('Div', [distances, support]))])
  return graph.node('Where', [graph.node('Less', [graph.node('Abs', [distances]), support]), lobes, number(0)])
}

/** int32 `[count, taps]` to float32 `[count, digits, taps]`, lowest digit first; the highest keeps the sign. */
function digitsOf(graph: GraphBuilder, weights: Value): Value {
  const base = graph.constant(Int32Array.of(2 ** DIGITS.bits), [])
  const digits: Value[] = []
  let rest = weights
  for (let digit = 1; digit < DIGITS.count; digit++) {
    const low = graph.node('Mod', [rest, base])
    digits.push(low)
    rest = graph.node('Div', [graph.node('Sub', [rest, low]), base])
  }
  const planes = [...digits, rest].map((digit) => graph.node('Unsqueeze', [digit, graph.integers(1)]))
  return cast(graph, graph.node('Concat', planes, { axis: 1 }), 'float32')
}

/** Sums by digits, float32 `[count, digits, values]`, to rounded and clipped bytes `[count, values]`. */
function roundToBytes(graph: GraphBuilder, sums: Value): Value {
  const integer = (value: number): Value => graph.constant(Int32Array.of(value), [])
  const sizes = Array.from({ length: DIGITS.count }, () => 1)
  const planes = graph
    .nodes('Split', [sums, graph.integers(...sizes)], DIGITS.count, { axis: 1 })
    .map((plane) => cast(graph, graph.node('Squeeze', [plane, graph.integers(1)]), 'int32'))
  const total = planes.reduceRight((high, low) => graph.node('Add', [graph.node('Mul', [high, integer(2 ** DIGITS.bits)]), low]))
  const rounded = graph.node('Add', [total, integer(2 ** (PRECISION_BITS - 1))])
  // Below zero, Div rounds another way than a shift does; both end at 0.
  const levels = graph.node('Div', [rounded, integer(2 ** PRECISION_BITS)])
  return cast(graph, graph.node('Min', [graph.node('Max', [levels, integer(0)]), integer(255)]), 'uint8')
}

export function cast(graph: GraphBuilder, value: Value, type: keyof typeof TYPES): Value {
  return graph.node('Cast', [value], { to: TYPES[type] })
}
