import type { Facts } from '../facts.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import { reshape, transpose } from '../graph/shaping.ts'
import { finish, type FusedAttributes } from './activation.ts'
import { windowAttributes, windowOf, type Window, type WindowAttributes } from './convolution-geometry.ts'
import { defineKernel, defineKernelWithOptions, required, type KernelDefinition } from './kernel-definition.ts'

type Shape4 = readonly [number, number, number, number]
type InputGradAttributes = WindowAttributes & { readonly inputShape: Shape4 }
type FilterGradAttributes = WindowAttributes & { readonly filterShape: Shape4 }

const TO_NHWC = [0, 2, 3, 1]
const TO_NCHW = [0, 3, 1, 2]

const isChannelsFirst = ({ dataFormat }: WindowAttributes): boolean => dataFormat === 'NCHW'
/** The shape with the channels last. */
const lastShape = (shape: readonly number[], attributes: WindowAttributes): readonly number[] =>
  isChannelsFirst(attributes) ? TO_NHWC.map((axis) => shape[axis]) : shape
const userShape = (shape: readonly number[], attributes: WindowAttributes): readonly number[] =>
  isChannelsFirst(attributes) ? TO_NCHW.map((axis) => shape[axis]) : shape
const toLast = (graph: Graph, x: Ir, attributes: WindowAttributes): Ir => (isChannelsFirst(attributes) ? transpose(graph, x, TO_NHWC) : x)
const toUser = (graph: Graph, x: Ir, attributes: WindowAttributes): Ir => (isChannelsFirst(attributes) ? transpose(graph, x, TO_NCHW) : x)

function window(image: readonly number[], filter: readonly number[], attributes: WindowAttributes): Window {
  return windowOf(image, [filter[0], filter[1]], attributes)
}

function convolvedShape([x, filter]: readonly Facts[], attributes: WindowAttributes, channels = filter.shape[3]): Facts {
  const image = lastShape(x.shape, attributes)
  const { output } = window(image, filter.shape, attributes)
  return { shape: userShape([image[0], ...output, channels], attributes), dtype: 'float32' }
}

function convolve(graph: Graph, x: Ir, filter: Ir, attributes: WindowAttributes, groups = attributes.groups ?? 1): Ir {
  const image = toLast(graph, x, attributes)
  const geometry = window(image.shape, filter.shape, attributes)
  const shape = [image.shape[0], ...geometry.output, filter.shape[3]]
  const result = graph.node('Conv', [image, filter], { shape, dtype: 'float32' }, { ...windowAttributes(geometry), groups })
  return toUser(graph, result, attributes)
}

function inputGradient(graph: Graph, dy: Ir, filter: Ir, attributes: InputGradAttributes, groups = attributes.groups ?? 1): Ir {
  const shape = lastShape(attributes.inputShape, attributes)
  const geometry = windowAttributes(window(shape, filter.shape, attributes))
  const result = graph.node('ConvInputGrad', [toLast(graph, dy, attributes), filter], { shape, dtype: 'float32' }, { ...geometry, groups })
  return toUser(graph, result, attributes)
}

function filterGradient(graph: Graph, x: Ir, dy: Ir, attributes: FilterGradAttributes, groups = attributes.groups ?? 1): Ir {
  const image = toLast(graph, x, attributes)
  const geometry = windowAttributes(window(image.shape, attributes.filterShape, attributes))
  const facts: Facts = { shape: attributes.filterShape, dtype: 'float32' }
  return graph.node('ConvFilterGrad', [image, toLast(graph, dy, attributes)], facts, { ...geometry, groups })
}

/** tfjs's depthwise filters are `[height, width, channels, multiplier]`; a grouped one is `[height, width, 1, channels * multiplier]`. */
function grouped(shape: readonly number[]): Shape4 {
  return [shape[0], shape[1], 1, shape[2] * shape[3]]
}

function depthwise(graph: Graph, x: Ir, filter: Ir, attributes: WindowAttributes): Ir {
  return convolve(graph, x, reshape(graph, filter, grouped(filter.shape)), attributes, filter.shape[2])
}

const fused = ['x', 'filter', 'bias', 'preluActivationWeights']

export const convolutionKernels: readonly KernelDefinition[] = [
  defineKernel<WindowAttributes>('Conv2D', ['x', 'filter'], convolvedShape, (graph, [x, filter], attributes) =>
    convolve(graph, x, filter, attributes),
  ),
  defineKernel<InputGradAttributes>(
    'Conv2DBackpropInput',
    ['dy', 'filter'],
    (_, { inputShape }) => ({ shape: inputShape, dtype: 'float32' }),
    (graph, [dy, filter], attributes) => inputGradient(graph, dy, filter, attributes),
  ),
  defineKernel<FilterGradAttributes>(
    'Conv2DBackpropFilter',
    ['x', 'dy'],
    (_, { filterShape }) => ({ shape: filterShape, dtype: 'float32' }),
    (graph, [x, dy], attributes) => filterGradient(graph, x, dy, attributes),
  ),
  defineKernel<WindowAttributes>(
    'DepthwiseConv2dNative',
    ['x', 'filter'],
    ([x, filter], attributes) => convolvedShape([x, filter], attributes, filter.shape[2] * filter.shape[3]),
    (graph, [x, filter], attributes) => depthwise(graph, x, filter, attributes),
  ),
  defineKernel<InputGradAttributes>(
    'DepthwiseConv2dNativeBackpropInput',
    ['dy', 'filter'],
    (_, { inputShape }) => ({ shape: inputShape, dtype: 'float32' }),
    (graph, [dy, filter], attributes) =>
      inputGradient(graph, dy, reshape(graph, filter, grouped(filter.shape)), attributes, filter.shape[2]),
  ),
  defineKernel<FilterGradAttributes>(
    'DepthwiseConv2dNativeBackpropFilter',
    ['x', 'dy'],
    (_, { filterShape }) => ({ shape: filterShape, dtype: 'float32' }),
    (graph, [x, dy], attributes) => {
      const gradient = filterGradient(
        graph,
        x,
        dy,
        { ...attributes, filterShape: grouped(attributes.filterShape) },
        attributes.filterShape[2],
      )
      return reshape(graph, gradient, attributes.filterShape)
    },
  ),
  defineKernelWithOptions<WindowAttributes & FusedAttributes>(
    'FusedConv2D',
    fused,
    (inputs, attributes) => convolvedShape(required('FusedConv2D', inputs.slice(0, 2)), attributes),
    (graph, inputs, attributes) => {
      const [x, filter] = required('FusedConv2D', inputs.slice(0, 2))
      return finish(graph, convolve(graph, x, filter, attributes), inputs[2], inputs[3], attributes)
    },
  ),
  defineKernelWithOptions<WindowAttributes & FusedAttributes>(
    'FusedDepthwiseConv2D',
    fused,
    (inputs, attributes) => {
      const [x, filter] = required('FusedDepthwiseConv2D', inputs.slice(0, 2))
      return convolvedShape([x, filter], attributes, filter.shape[2] * filter.shape[3])
    },
    (graph, inputs, attributes) => {
      const [x, filter] = required('FusedDepthwiseConv2D', inputs.slice(0, 2))
      return finish(graph, depthwise(graph, x, filter, attributes), inputs[2], inputs[3], attributes)
    },
  ),
]
