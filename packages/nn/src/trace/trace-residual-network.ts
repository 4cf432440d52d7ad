import type { NormalizedConvolution } from '../layers/normalized-convolution.ts'
import { PYTORCH_EPSILON } from '../layers/batch-normalize.ts'
import { missingParameter } from '../parameters/parameter-errors.ts'
import type { ParameterValue } from '../parameters/parameter-set.ts'
import { residualLayers, stem, type LayerName, type ResidualArchitecture, type ResidualBlock } from '../networks/residual-architecture.ts'
import type { GraphValue, GraphWriter } from './graph-writer.ts'

export interface TracedNetwork {
  readonly architecture: ResidualArchitecture
  readonly through: LayerName
  /** In PyTorch's layout, as a ParameterSet's `read` gives them. */
  readonly values: Readonly<Record<string, ParameterValue>>
}

/**
 * What a residual network's `forward` does in inference mode, in a graph: from normalised `[count, 3, height, width]` to a value per layer, `[count, channels, height / stride, width / stride]`.
 * Node by node, unlike `traceBackbone`, which takes in a whole model of one operator set: a user's .onnx file in the same graph may be of another.
 */
export function traceResidualNetwork(graph: GraphWriter, images: GraphValue, network: TracedNetwork): readonly GraphValue[] {
  const { architecture, through } = network
  const relu = (value: GraphValue): GraphValue => graph.node('Relu', [value])
  const first = relu(traceConvolution(graph, images, network, stem(architecture)))
  let value = graph.node('MaxPool', [first], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] })
  return residualLayers(architecture, through).map(({ blocks }) => {
    for (const block of blocks) value = traceBlock(graph, value, network, block)
    return value
  })
}

function traceBlock(graph: GraphWriter, input: GraphValue, network: TracedNetwork, { main, shortcut }: ResidualBlock): GraphValue {
  let value = input
  for (const [index, convolution] of main.entries())
    value = traceConvolution(graph, index === 0 ? value : graph.node('Relu', [value]), network, convolution)
  const beside = shortcut === null ? input : traceConvolution(graph, input, network, shortcut)
  return graph.node('Relu', [graph.node('Add', [value, beside])])
}

function traceConvolution(
  graph: GraphWriter,
  input: GraphValue,
  { values }: TracedNetwork,
  { convolution, norm, kernel, stride }: NormalizedConvolution,
): GraphValue {
  const constant = (name: string): GraphValue => {
    const value = values[name]
    if (value === undefined) throw missingParameter(name, 'the network')
    return graph.constant(value.data, value.shape)
  }
  const padding = (kernel - 1) / 2
  const convolved = graph.node('Conv', [input, constant(`${convolution}.weight`)], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  })
  const statistics = ['weight', 'bias', 'running_mean', 'running_var'].map((name) => constant(`${norm}.${name}`))
  return graph.node('BatchNormalization', [convolved, ...statistics], { epsilon: { float: PYTORCH_EPSILON } })
}
