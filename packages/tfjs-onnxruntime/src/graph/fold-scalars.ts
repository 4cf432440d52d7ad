import type { ElementType } from '../facts.ts'
import { scalarValue, type Graph } from './graph.ts'
import type { Ir } from './ir.ts'

const FUNCTIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.max(a, b)),
  Min: (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.min(a, b)),
  Neg: (a) => -a,
  Reciprocal: (a) => 1 / a,
  Sqrt: (a) => Math.sqrt(a),
  Exp: (a) => Math.exp(a),
  Log: (a) => Math.log(a),
  Cast: (a) => a,
}

/** The constant that an operator on constants of one element gives, computed in float64 and rounded once; `null` where it is left to ONNX Runtime. */
export function foldScalars(
  graph: Graph,
  operator: string,
  inputs: readonly Ir[],
  shape: readonly number[],
  dtype: ElementType,
): Ir | null {
  const compute = FUNCTIONS[operator]
  if (compute === undefined || (dtype !== 'float32' && operator === 'Div')) return null
  const [a, b] = inputs.map((input) => scalarValue(input) ?? 0)
  const value = compute(a, b ?? 0)
  if (dtype === 'float32') return graph.constant(Float32Array.of(value), shape, dtype)
  return graph.constant(dtype === 'int32' ? Int32Array.of(Math.trunc(value)) : Uint8Array.of(value === 0 ? 0 : 1), shape, dtype)
}
