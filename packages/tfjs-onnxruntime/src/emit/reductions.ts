import { ELEMENT_TYPES } from '@im-iad/onnx'
import type { Ir } from '../graph/ir.ts'
import { orderOf } from '../layout.ts'
import type { Emission } from './emission.ts'
import { attributesOf, type Emitters } from './emitter.ts'

/** Where logical axes lie in the layout of the node's input, in which reductions are done. */
function physicalAxes(emission: Emission, ir: Ir, axes: readonly number[]): readonly number[] {
  const [x] = ir.inputs
  const order = orderOf(emission.layoutOf(x), x.shape.length)
  return axes.map((axis) => order.indexOf(axis))
}

export const reductionEmitters: Emitters = {
  Reduce(emission, ir) {
    const { operator, axes } = attributesOf<{ readonly operator: string; readonly axes: readonly number[] }>(ir)
    const layout = emission.layoutOf(ir.inputs[0])
    const reduced = [...physicalAxes(emission, ir, axes)].sort((a, b) => a - b)
    emission.put(ir, layout, emission.node(operator, [emission.get(ir.inputs[0], layout), emission.integers(reduced)], { keepdims: 1 }))
  },
  Position(emission, ir) {
    const { operator, axis } = attributesOf<{ readonly operator: string; readonly axis: number }>(ir)
    const layout = emission.layoutOf(ir.inputs[0])
    const [physical] = physicalAxes(emission, ir, [axis])
    const found = emission.node(operator, [emission.get(ir.inputs[0], layout)], { axis: physical, keepdims: 1 })
    emission.put(ir, layout, emission.node('Cast', [found], { to: ELEMENT_TYPES.int32 }))
  },
  CumulativeSum(emission, ir) {
    const { axis, exclusive, reverse } = attributesOf<{ readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean }>(ir)
    const layout = emission.layoutOf(ir.inputs[0])
    const along = emission.integers(physicalAxes(emission, ir, [axis]))
    const attributes = { exclusive: Number(exclusive), reverse: Number(reverse) }
    emission.put(ir, layout, emission.node('CumSum', [emission.get(ir.inputs[0], layout), along], attributes))
  },
  Softmax(emission, ir) {
    const { operator, axis } = attributesOf<{ readonly operator: string; readonly axis: number }>(ir)
    const layout = emission.layoutOf(ir.inputs[0])
    const [physical] = physicalAxes(emission, ir, [axis])
    emission.put(ir, layout, emission.node(operator, [emission.get(ir.inputs[0], layout)], { axis: physical }))
  },
  TopK(emission, ir) {
    const { k } = attributesOf<{ readonly k: number }>(ir)
    const x = emission.get(ir.inputs[0], 'logical')
    const [values, places] = emission.builder.nodes('TopK', [x, emission.integers([k])], 2, { axis: -1, largest: 1, sorted: 1 })
    emission.putTuple(ir, 'logical', [values, emission.node('Cast', [places], { to: ELEMENT_TYPES.int32 })])
  },
}
