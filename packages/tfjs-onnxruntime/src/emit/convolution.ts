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
    const operands = [dy, turnFilter(emission, filter, kernel)]
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

function turnFilter(emission: Emission, filter: Value, kernel: readonly number[]): Value {
  const swapped = emission.transpose(filter, [1, 0, 2, 3])
  if (kernel.every((extent) => extent === 1)) return swapped
  const backwards = [
    [-1, -1],
    [-(2 ** 31), -(2 ** 31)],
    [2, 3],
    [-1, -1],
  ]
  return emission.node('Slice', [swapped, ...backwards.map((values) => emission.integers(values))])
}

export const convolutionEmitters: Emitters = {
  Conv: convolution,
  ConvInputGrad: inputGradient,
  ConvFilterGrad(emission, ir) {
    emission.put(ir, 'filter-first', emitFilterGradient(emission, ir, attributesOf<ConvolutionAttributes>(ir)))
  },
}
