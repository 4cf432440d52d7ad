import { PYTORCH_EPSILON } from '../layers/batch-normalize.ts'
import { uNetConvolutions, type NamedConvolution, type UNetArchitecture } from '../networks/u-net-architecture.ts'
import { missingParameter } from '../parameters/parameter-errors.ts'
import type { ParameterValue } from '../parameters/parameter-set.ts'
import type { GraphValue, GraphWriter } from './graph-writer.ts'

/** Parameters in PyTorch's layout, as a ParameterSet's `read` gives them. */
export type TracedValues = Readonly<Record<string, ParameterValue>>

interface Trace {
  readonly graph: GraphWriter
  readonly values: TracedValues
}

/** What a U-net's `forward` does in inference mode, in a graph: `[count, input channels, height, width]` to `[count, output channels, height, width]`. */
export function traceUNet(graph: GraphWriter, input: GraphValue, architecture: UNetArchitecture, values: TracedValues): GraphValue {
  const trace: Trace = { graph, values }
  const { encoder, decoder, output } = uNetConvolutions(architecture)
  const levels: GraphValue[] = []
  for (const block of encoder) levels.push(traceBlock(trace, levels.length === 0 ? input : halve(graph, levels[levels.length - 1]), block))
  let value = levels[levels.length - 1]
  for (const [index, { up, block }] of decoder.entries()) {
    const larger = traceBlock(trace, double(graph, value), [up])
    value = traceBlock(
      trace,
      architecture.skips ? graph.node('Concat', [larger, levels[levels.length - 2 - index]], { axis: 1 }) : larger,
      block,
    )
  }
  return traceConvolution(trace, value, output.convolution)
}

function halve(graph: GraphWriter, value: GraphValue): GraphValue {
  return graph.node('MaxPool', [value], { kernel_shape: [2, 2], strides: [2, 2] })
}

function double(graph: GraphWriter, value: GraphValue): GraphValue {
  const scales = graph.constant(Float32Array.of(1, 1, 2, 2))
  return graph.node('Resize', [value, null, scales], { mode: 'linear', coordinate_transformation_mode: 'align_corners' })
}

function traceBlock(trace: Trace, input: GraphValue, convolutions: readonly NamedConvolution[]): GraphValue {
  return convolutions.reduce((value, { convolution, norm }) => {
    const statistics = ['weight', 'bias', 'running_mean', 'running_var'].map((name) => constant(trace, `${norm}.${name}`))
    const inputs = [traceConvolution(trace, value, convolution), ...statistics]
    const normalized = trace.graph.node('BatchNormalization', inputs, { epsilon: { float: PYTORCH_EPSILON } })
    return trace.graph.node('Relu', [normalized])
  }, input)
}

function traceConvolution(trace: Trace, input: GraphValue, name: string): GraphValue {
  const inputs = [input, constant(trace, `${name}.weight`), constant(trace, `${name}.bias`)]
  return trace.graph.node('Conv', inputs, { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })
}

function constant({ graph, values }: Trace, name: string): GraphValue {
  const value = values[name]
  if (value === undefined) throw missingParameter(name, 'the network')
  return graph.constant(value.data, value.shape)
}
