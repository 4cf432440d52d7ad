import type { NamedTensor } from '@im-iad/weights'
import type { ParameterKind } from './parameter-definition.ts'

/** For each axis in TensorFlow.js, PyTorch's axis: filters are `[height, width, input, output]`, transposed ones `[height, width, output, input]`, depthwise ones `[height, width, channels, 1]`, linear weights `[input, output]`. */
const AXES: Readonly<Partial<Record<ParameterKind, readonly number[]>>> = {
  convolution: [2, 3, 1, 0],
  'depthwise-convolution': [2, 3, 0, 1],
  'transposed-convolution': [2, 3, 1, 0],
  linear: [1, 0],
}

interface FloatTensor extends NamedTensor {
  readonly data: Float32Array
}

/** Whether a parameter is a filter whose axes an engine may want as PyTorch has them; depthwise ones are put in another way. */
export function isFilter(kind: ParameterKind): boolean {
  return AXES[kind]?.join() === '2,3,1,0'
}

/** A parameter in PyTorch's layout, brought to TensorFlow.js's. */
export function fromPyTorch(kind: ParameterKind, tensor: NamedTensor): NamedTensor {
  const axes = AXES[kind]
  return axes === undefined ? tensor : permute(tensor, axes)
}

/** The way back. */
export function toPyTorch(kind: ParameterKind, tensor: FloatTensor): FloatTensor {
  const axes = AXES[kind]
  return axes === undefined
    ? tensor
    : permute(
        tensor,
        axes.map((_, axis) => axes.indexOf(axis)),
      )
}

/** Result axis k is the given tensor's axis `axes[k]`. */
function permute({ shape, data }: NamedTensor, axes: readonly number[]): FloatTensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1))
  const [sizes, steps] = [axes.map((axis) => shape[axis]), axes.map((axis) => strides[axis])]
  const permuted = new Float32Array(data.length)
  const counters = new Uint32Array(axes.length)
  let source = 0
  for (let target = 0; target < permuted.length; target++) {
    permuted[target] = data[source]
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      source += steps[axis]
      if (++counters[axis] < sizes[axis]) break
      source -= steps[axis] * sizes[axis]
      counters[axis] = 0
    }
  }
  return { shape: sizes, data: permuted }
}
