import { ELEMENT_TYPES, type Value } from '@im-iad/onnx'
import type { Ir } from '../graph/ir.ts'
import { orderOf } from '../layout.ts'
import type { Emission } from './emission.ts'
import { attributesOf, type Emitters } from './emitter.ts'

/** GatherND and ScatterND take int64 only. */
function wide(emission: Emission, indices: Ir): Value {
  return emission.node('Cast', [emission.get(indices, 'logical')], { to: ELEMENT_TYPES.int64 })
}

/** Whether picking along an axis leaves the other axes where they are. */
export function keepsAxes(ir: Ir): boolean {
  return ir.inputs[1].shape.length === 1
}

export const indexingEmitters: Emitters = {
  Gather(emission, ir) {
    const [x, indices] = ir.inputs
    const { axis } = attributesOf<{ readonly axis: number }>(ir)
    const layout = keepsAxes(ir) ? emission.layoutOf(ir) : 'logical'
    const along = orderOf(layout, x.shape.length).indexOf(axis)
    emission.put(ir, layout, emission.node('Gather', [emission.get(x, layout), emission.get(indices, 'logical')], { axis: along }))
  },
  GatherND(emission, ir) {
    const { batch } = attributesOf<{ readonly batch: number }>(ir)
    const [x, indices] = ir.inputs
    emission.put(ir, 'logical', emission.node('GatherND', [emission.get(x, 'logical'), wide(emission, indices)], { batch_dims: batch }))
  },
  ScatterND(emission, ir) {
    const { reduction } = attributesOf<{ readonly reduction: string }>(ir)
    const [data, indices, updates] = ir.inputs
    const operands = [emission.get(data, 'logical'), wide(emission, indices), emission.get(updates, 'logical')]
    emission.put(ir, 'logical', emission.node('ScatterND', operands, { reduction }))
  },
}
