import type { TensorData, Value } from '@im-iad/onnx'
import type { Ir } from '../graph/ir.ts'
import { orderOf, physicalShape, sameBytes, type Layout } from '../layout.ts'
import { physicalOrder, type Emission } from './emission.ts'
import { attributesOf, type Emitters } from './emitter.ts'

/** Ends of slices with negative steps count from the end when they are negative: this one lies before any beginning. */
const BEFORE_THE_BEGINNING = -(2 ** 31)

interface SliceAttributes {
  readonly begin: readonly number[]
  readonly strides: readonly number[]
}

function slice(emission: Emission, ir: Ir): void {
  const { begin, strides } = attributesOf<SliceAttributes>(ir)
  const [x] = ir.inputs
  const layout = emission.layoutOf(ir)
  const order = orderOf(layout, ir.shape.length)
  const cut = order.flatMap((axis, physical) =>
    ir.shape[axis] === x.shape[axis] && strides[axis] === 1
      ? []
      : [{ physical, start: begin[axis], stride: strides[axis], count: ir.shape[axis] }],
  )
  const ends = cut.map(({ start, stride, count }) => {
    const end = start + count * stride
    return end < 0 ? BEFORE_THE_BEGINNING : end
  })
  const parameters = [cut.map(({ start }) => start), ends, cut.map(({ physical }) => physical), cut.map(({ stride }) => stride)]
  emission.put(ir, layout, emission.node('Slice', [emission.get(x, layout), ...parameters.map((values) => emission.integers(values))]))
}

interface PadAttributes {
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly mode: string
  readonly value: number
}

function pad(emission: Emission, ir: Ir): void {
  const { before, after, mode, value } = attributesOf<PadAttributes>(ir)
  const layout = emission.layoutOf(ir)
  const order = orderOf(layout, ir.shape.length)
  const counts = emission.integers([...order.map((axis) => before[axis]), ...order.map((axis) => after[axis])])
  const filling = mode === 'constant' ? emission.builder.constant(scalarOf(ir, value), []) : null
  emission.put(ir, layout, emission.node('Pad', [emission.get(ir.inputs[0], layout), counts, filling], { mode }))
}

function scalarOf({ dtype }: Ir, value: number): TensorData {
  if (dtype === 'float32') return Float32Array.of(value)
  return dtype === 'int32' ? Int32Array.of(value) : Uint8Array.of(value)
}

function reshaped(emission: Emission, ir: Ir): Value {
  const [x] = ir.inputs
  const layout = emission.layoutOf(x)
  const source: Layout = sameBytes(x.shape, layout, 'logical') ? layout : 'logical'
  return emission.reshape(emission.get(x, source), ir.shape)
}

function transpose(emission: Emission, ir: Ir): void {
  const [x] = ir.inputs
  const from = emission.layoutOf(x)
  const to = emission.layoutOf(ir)
  const { order, moves } = physicalOrder(ir, attributesOf<{ readonly order: readonly number[] }>(ir).order, from, to)
  const value = emission.get(x, from)
  // Axes that lie in memory as they are wanted: nothing is to be done, and an exported graph takes other batches than the example's.
  const isInPlace = order.every((axis, index) => axis === index)
  if (isInPlace) emission.put(ir, to, value)
  else emission.put(ir, to, moves ? emission.transpose(value, order) : emission.reshape(value, physicalShape(ir.shape, to)))
}

export const structureEmitters: Emitters = {
  Reshape: (emission, ir) => emission.put(ir, 'logical', reshaped(emission, ir)),
  Transpose: transpose,
  Slice: slice,
  Pad: pad,
  Concat(emission, ir) {
    const { axis } = attributesOf<{ readonly axis: number }>(ir)
    const layout = emission.layoutOf(ir)
    const parts = ir.inputs.map((input) => emission.get(input, layout))
    emission.put(ir, layout, emission.node('Concat', parts, { axis: orderOf(layout, ir.shape.length).indexOf(axis) }))
  },
  Tile(emission, ir) {
    const { repeats } = attributesOf<{ readonly repeats: readonly number[] }>(ir)
    const layout = emission.layoutOf(ir)
    const counts = emission.integers(orderOf(layout, ir.shape.length).map((axis) => repeats[axis]))
    emission.put(ir, layout, emission.node('Tile', [emission.get(ir.inputs[0], layout), counts]))
  },
}
