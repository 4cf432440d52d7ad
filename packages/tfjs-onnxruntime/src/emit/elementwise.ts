import { ELEMENT_TYPES, type Attribute } from '@im-iad/onnx'
import type { ElementType } from '../facts.ts'
import { physicalShape } from '../layout.ts'
import { attributesOf, type Emitters } from './emitter.ts'

/** Element by element: in whatever layout the group has. */
export const elementwiseEmitters: Emitters = {
  Elementwise(emission, ir) {
    const { operator, ...numbers } = attributesOf<{ readonly operator: string } & Readonly<Record<string, number>>>(ir)
    const layout = emission.layoutOf(ir)
    const attributes: Record<string, Attribute> = ownAttributes(operator, ir.dtype)
    for (const [name, value] of Object.entries(numbers)) attributes[name] = { float: value }
    const operands = ir.inputs.map((input) => emission.aligned(input, ir.shape.length, layout))
    emission.put(ir, layout, emission.node(operator, operands, attributes))
  },
  Broadcast(emission, ir) {
    const layout = emission.layoutOf(ir)
    const operand = emission.aligned(ir.inputs[0], ir.shape.length, layout)
    emission.put(ir, layout, emission.node('Expand', [operand, emission.integers(physicalShape(ir.shape, layout))]))
  },
  Part: (emission, ir) => emission.putPart(ir, attributesOf<{ readonly index: number }>(ir).index),
}

function ownAttributes(operator: string, dtype: ElementType): Record<string, Attribute> {
  if (operator === 'Cast') return { to: ELEMENT_TYPES[dtype] }
  // As C's fmod: the only remainder that ONNX has for floats.
  return operator === 'Mod' && dtype === 'float32' ? { fmod: 1 } : {}
}
