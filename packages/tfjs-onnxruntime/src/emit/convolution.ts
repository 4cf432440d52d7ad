import type { Value } from '@im-iad/onnx'
import type { Ir } from '../graph/ir.ts'
import type { Emission } from './emission.ts'
import { attributesOf, type Emitters } from './emitter.ts'
import { emitFilterGradient } from './filter-gradient.ts'

/** The attributes of the three convolution nodes; `pads` are top, left, bottom, right. */
export interface ConvolutionAttributes {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly pads: readonly number[]
  readonly groups: number
}

/** How far a dilated kernel reaches. */
export function reachOf({ kernel, dilations }: ConvolutionAttributes): readonly number[] {
  return kernel.map((extent, axis) => (extent - 1) * dilations[axis] + 1)
}

function convolution(emission: Emission, ir: Ir): void {
  const { kernel, strides, dilations, pads, groups } = attributesOf<ConvolutionAttributes>(ir)
  const operands = [emission.get(ir.inputs[0], 'channels-first'), emission.get(ir.inputs[1], 'filter-first')]
  emission.put(ir, 'channels-first', emission.node('Conv', operands, { kernel_shape: kernel, strides, dilations, pads, group: groups }))
}

/**
 * The gradient for the image: with stride 1 a convolution with the filter turned by 180° and its channels swapped (the fast kernel); otherwise a transposed
 * convolution, with the rows and columns that the stride left over as output padding.
 */
function inputGradient(emission: Emission, ir: Ir): void {
  const attributes = attributesOf<ConvolutionAttributes>(ir)
  const { kernel, strides, dilations, pads, groups } = attributes
  const dy = emission.get(ir.inputs[0], 'channels-first')
  const filter = emission.get(ir.inputs[1], 'filter-first')
  const reach = reachOf(attributes)
  const turned = [0, 1, 2, 3].map((side) => reach[side % 2] - 1 - pads[side])
  if (groups === 1 && strides.every((stride) => stride === 1) && turned.every((count) => count >= 0)) {
    const operands = [dy, turnFilter(emission, filter, [ir.inputs[1].shape[3], ir.inputs[1].shape[2]], kernel)]
    emission.put(ir, 'channels-first', emission.node('Conv', operands, { kernel_shape: kernel, dilations, pads: turned }))
    return
  }
  const rest = [0, 1].map((axis) => (ir.shape[1 + axis] + pads[axis] + pads[axis + 2] - reach[axis]) % strides[axis])
  emission.put(
    ir,
    'channels-first',
    emission.node('ConvTranspose', [dy, filter], { kernel_shape: kernel, strides, dilations, pads, output_padding: rest, group: groups }),
  )
}

/** Turned as a matrix of taps, whose rows are copied whole; slices with negative steps go element by element. */
function turnFilter(emission: Emission, filter: Value, [outputs, inputs]: readonly number[], kernel: readonly number[]): Value {
  const swapped = emission.transpose(filter, [1, 0, 2, 3])
  const taps = kernel[0] * kernel[1]
  if (taps === 1) return swapped
  const byTap = emission.transpose(emission.reshape(swapped, [inputs * outputs, taps]), [1, 0])
  const backwards = emission.integers(Array.from({ length: taps }, (_, tap) => taps - 1 - tap))
  const turned = emission.transpose(emission.node('Gather', [byTap, backwards], { axis: 0 }), [1, 0])
  return emission.reshape(turned, [inputs, outputs, ...kernel])
}

export const convolutionEmitters: Emitters = {
  Conv: convolution,
  ConvInputGrad: inputGradient,
  ConvFilterGrad(emission, ir) {
    emission.put(ir, 'filter-first', emitFilterGradient(emission, ir, attributesOf<ConvolutionAttributes>(ir)))
  },
}
