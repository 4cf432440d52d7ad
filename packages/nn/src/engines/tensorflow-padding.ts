import type { KernelFunc, Tensor4D } from '@tensorflow/tfjs-core'
import type { TensorEngine } from './engine-request.ts'

/** Attributes that the kernels of convolution and pooling share; sizes are of the kernel's filter or window. */
interface WindowAttributes {
  readonly strides: number | [number, number]
  readonly pad: unknown
  readonly dilations?: number | [number, number]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly filterSize?: number | [number, number]
  readonly filterShape?: [number, number, number, number]
  readonly inputShape?: [number, number, number, number]
}

type Tensors = Readonly<Record<string, Tensor4D>>
type Pads = readonly [top: number, bottom: number, left: number, right: number]

/**
 * TensorFlow's backend takes `same` and `valid` only (some kernels explicit paddings too): PyTorch's symmetric padding of strided convolutions is neither. These kernels are wrapped:
 * pad, then `valid`; for gradients of the input, the padding is cut off again. Maxima are padded with the smallest float32, so that no padded place wins.
 */
export function acceptExplicitPadding(tf: TensorEngine): void {
  wrap(tf, 'Conv2D', (original, inputs, attributes) => {
    const { x, filter } = pick(inputs, 'x', 'filter')
    return original({ x: pad(tf, x, explicitPads(attributes), 0), filter }, {})
  })
  wrap(tf, 'Conv2DBackpropFilter', (original, inputs, attributes) => {
    const { x, dy } = pick(inputs, 'x', 'dy')
    return original({ x: pad(tf, x, explicitPads(attributes), 0), dy }, {})
  })
  wrap(tf, 'Conv2DBackpropInput', (original, inputs, attributes) => {
    const [top, bottom, left, right] = explicitPads(attributes)
    const [count, height, width, channels] = attributes.inputShape ?? [0, 0, 0, 0]
    const whole = original(inputs, { inputShape: [count, height + top + bottom, width + left + right, channels] })
    return tf.slice(whole, [0, top, left, 0], [count, height, width, channels])
  })
  wrap(tf, 'MaxPool', (original, inputs, attributes) => {
    const { x } = pick(inputs, 'x')
    return original({ x: pad(tf, x, explicitPads(attributes), LOWEST) }, {})
  })
  wrap(tf, 'MaxPoolGrad', (original, inputs, attributes) => {
    const { dy, input, output } = pick(inputs, 'dy', 'input', 'output')
    const pads = explicitPads(attributes)
    const whole = original({ dy, input: pad(tf, input, pads, LOWEST), output }, {})
    return tf.slice(whole, [0, pads[0], pads[2], 0], input.shape)
  })
}

const LOWEST = -3.4028234663852886e38

type Original = (inputs: Tensors, changed: object) => Tensor4D
type Wrapped = (original: Original, inputs: Tensors, attributes: WindowAttributes) => Tensor4D

/** Replaces a kernel by one that does explicit padding itself; other paddings go to the original as they are. */
function wrap(tf: TensorEngine, kernelName: string, wrapped: Wrapped): void {
  const kernel = tf.getKernel(kernelName, 'tensorflow')
  const original = kernel.kernelFunc
  const kernelFunc: KernelFunc = (call) => {
    // Types of kernels are wider than what TensorFlow.js passes: tensors, and this kernel's own attributes.
    const attributes = call.attrs as unknown as WindowAttributes
    if (typeof attributes.pad === 'string' || attributes.pad === 0) return original(call)
    if (attributes.dataFormat === 'NCHW') throw new RangeError(`${kernelName} with explicit padding takes channels last`)
    return tf.tidy(() =>
      wrapped(
        (inputs, changed) => original({ ...call, inputs, attrs: { ...call.attrs, pad: 'valid', ...changed } }) as Tensor4D,
        call.inputs as unknown as Tensors,
        attributes,
      ),
    )
  }
  tf.unregisterKernel(kernelName, 'tensorflow')
  tf.registerKernel({ ...kernel, kernelFunc })
}

/** A number pads all four sides; lists are of `[batch, height, width, channels]`. */
function explicitPads({ pad: padding }: WindowAttributes): Pads {
  if (typeof padding === 'number') return [padding, padding, padding, padding]
  const [, [top, bottom], [left, right]] = padding as readonly (readonly [number, number])[] as [
    unknown,
    [number, number],
    [number, number],
  ]
  return [top, bottom, left, right]
}

function pad(tf: TensorEngine, values: Tensor4D, [top, bottom, left, right]: Pads, constant: number): Tensor4D {
  return tf.pad(
    values,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    constant,
  )
}

function pick<Name extends string>(inputs: Tensors, ...names: readonly Name[]): Readonly<Record<Name, Tensor4D>> {
  return Object.fromEntries(names.map((name) => [name, inputs[name]])) as Readonly<Record<Name, Tensor4D>>
}
