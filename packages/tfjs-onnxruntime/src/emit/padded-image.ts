import type { Value } from '@im-iad/onnx'
import type { ConvolutionAttributes } from './convolution.ts'
import type { Emission } from './emission.ts'

/** The shapes of a filter gradient's operands and result. */
export interface FilterGradientShapes {
  /** NHWC */
  readonly image: readonly number[]
  /** NHWC */
  readonly dy: readonly number[]
  /** HWIO */
  readonly filter: readonly number[]
}

/** Rows and columns of the padded image that some tap sees. */
export function seenExtents({ dy }: FilterGradientShapes, { kernel, strides, dilations }: ConvolutionAttributes): readonly number[] {
  return [0, 1].map((axis) => (kernel[axis] - 1) * dilations[axis] + (dy[1 + axis] - 1) * strides[axis] + 1)
}

/** The image (channels first) with its zeros around it, cut or lengthened to the given rows and columns. */
export function padImage(
  emission: Emission,
  x: Value,
  { image }: FilterGradientShapes,
  { pads }: ConvolutionAttributes,
  size: readonly number[],
): Value {
  const after = [0, 1].map((axis) => size[axis] - image[1 + axis] - pads[axis])
  if (pads[0] === 0 && pads[1] === 0 && after.every((count) => count === 0)) return x
  return emission.node('Pad', [x, emission.integers([0, 0, pads[0], pads[1], 0, 0, ...after])], { mode: 'constant' })
}
