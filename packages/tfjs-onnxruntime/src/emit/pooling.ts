import { ELEMENT_TYPES, type Value } from '@im-iad/onnx'
import type { Ir } from '../graph/ir.ts'
import { physicalShape } from '../layout.ts'
import type { Emission } from './emission.ts'
import { attributesOf, type Emitters } from './emitter.ts'

interface PoolAttributes {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly pads: readonly number[]
}

/** Spreads every element over its window and sums where windows overlap. */
function sumPoolGradient(emission: Emission, ir: Ir): Value {
  const { kernel, strides, dilations, pads } = attributesOf<PoolAttributes>(ir)
  const [shares] = ir.inputs
  const dy = emission.get(shares, 'channels-first')
  const [batch, height, width, channels] = shares.shape
  const turned = [0, 1, 2, 3].map((side) => kernel[side % 2] - 1 - pads[side])
  const isPlain = dilations.every((dilation) => dilation === 1)
  if (isPlain && strides.every((stride) => stride === 1) && turned.every((count) => count >= 0)) {
    const means = emission.node('AveragePool', [dy], { kernel_shape: kernel, pads: turned, count_include_pad: 1 })
    return emission.node('Mul', [means, emission.builder.scalar(kernel[0] * kernel[1])])
  }
  const rest = [0, 1].map((axis) => ir.shape[1 + axis] - strides[axis] * shares.shape[1 + axis])
  if (isPlain && strides.every((stride, axis) => stride === kernel[axis]) && pads.every((count) => count === 0)) {
    const spread = [batch, channels, height, strides[0], width, strides[1]]
    const apart = emission.reshape(dy, [batch, channels, height, 1, width, 1])
    const whole = emission.reshape(emission.node('Expand', [apart, emission.integers(spread)]), [
      batch,
      channels,
      height * strides[0],
      width * strides[1],
    ])
    return rest.every((count) => count === 0) ? whole : emission.node('Pad', [whole, emission.integers([0, 0, 0, 0, 0, 0, ...rest])])
  }
  const reach = kernel.map((extent, axis) => (extent - 1) * dilations[axis] + 1)
  const left = [0, 1].map((axis) => (ir.shape[1 + axis] + pads[axis] + pads[axis + 2] - reach[axis]) % strides[axis])
  const ones = emission.builder.constant(new Float32Array(channels * kernel[0] * kernel[1]).fill(1), [channels, 1, ...kernel])
  return emission.node('ConvTranspose', [dy, ones], {
    kernel_shape: kernel,
    strides,
    dilations,
    pads,
    output_padding: left,
    group: channels,
  })
}

/** Zeros that are made anew in every run, to be written over: constants of this size would be kept, and copied each time. No number is smaller than itself. */
function zerosBeside(emission: Emission, values: Value, size: number): Value {
  const first = emission.node('Slice', [values, emission.integers([0]), emission.integers([1])])
  const zero = emission.node('Cast', [emission.node('Less', [first, first])], { to: ELEMENT_TYPES.float32 })
  return emission.node('Expand', [zero, emission.integers([size])])
}

export const poolingEmitters: Emitters = {
  MaxPool(emission, ir) {
    const { kernel, strides, dilations, pads } = attributesOf<PoolAttributes>(ir)
    const x = emission.get(ir.inputs[0], 'channels-first')
    // Finding the places takes the slower kernel: only where a gradient wants them.
    const outputs = emission.isUsed(ir, 1) ? 2 : 1
    emission.putTuple(
      ir,
      'channels-first',
      emission.builder.nodes('MaxPool', [x], outputs, { kernel_shape: kernel, strides, dilations, pads }),
    )
  },
  MaxPoolGrad(emission, ir) {
    const [dy, places] = ir.inputs
    const { size } = attributesOf<{ readonly size: number }>(ir)
    const updates = emission.reshape(emission.get(dy, 'channels-first'), [-1])
    const zeros = zerosBeside(emission, updates, size)
    const indices = emission.reshape(emission.get(places, 'channels-first'), [-1])
    const summed = emission.node('ScatterElements', [zeros, indices, updates], { axis: 0, reduction: 'add' })
    emission.put(ir, 'channels-first', emission.reshape(summed, physicalShape(ir.shape, 'channels-first')))
  },
  AveragePool(emission, ir) {
    const { kernel, strides, pads } = attributesOf<PoolAttributes>(ir)
    const x = emission.get(ir.inputs[0], 'channels-first')
    emission.put(ir, 'channels-first', emission.node('AveragePool', [x], { kernel_shape: kernel, strides, pads, count_include_pad: 0 }))
  },
  SumPoolGrad: (emission, ir) => emission.put(ir, 'channels-first', sumPoolGradient(emission, ir)),
}
