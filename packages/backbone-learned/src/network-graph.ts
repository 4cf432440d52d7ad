import type { FeatureLevel, GraphValue, GraphWriter } from '@im-iad/core'
import { GraphBuilder } from '@im-iad/onnx'
import { LEVELS, type ConvolutionUnit } from './architecture.ts'
import { NORMALIZATION } from './normalization.ts'
import type { NetworkWeights } from './read-weights.ts'
import { traceHeads, traceStages, type NetworkOperations } from './trace-network.ts'

/** The model's input: `[batch, height, width, 3]`, RGB in 0…255. */
export const INPUT = 'pixels'

/** The network as one ONNX model of standard operators, for any batch and any sides that are multiples of 16. One output per level, under its name, `[batch, height / stride, width / stride, channels]`. */
export function buildNetworkGraph(weights: NetworkWeights): Uint8Array<ArrayBuffer> {
  const builder = new GraphBuilder('learned-backbone')
  const values = traceLevels(builder, weights, builder.input(INPUT, ['batch', 'height', 'width', 3]), LEVELS)
  for (const [index, { name, channels, stride }] of LEVELS.entries())
    builder.output(name, values[index], ['batch', `height / ${stride}`, `width / ${stride}`, channels])
  return builder.build()
}

/** The network inside another graph: from float32 `[batch, height, width, 3]` to a value per level, `[batch, height / stride, width / stride, channels]`. */
export function traceLevels(
  writer: GraphWriter,
  weights: NetworkWeights,
  pixels: GraphValue,
  levels: readonly FeatureLevel[],
): readonly GraphValue[] {
  const operations = graphOperations(writer, weights)
  const planes = normalize(writer, writer.node('Transpose', [pixels], { perm: [0, 3, 1, 2] }))
  const coarsest = Math.max(...levels.map(({ stride }) => stride))
  const stages = traceStages(operations, planes, coarsest)
  const heads = traceHeads(operations, stages, (name) => levels.some((level) => level.name === name))
  return levels.map(({ name }) => {
    const value = heads.get(name)
    if (value === undefined) throw new RangeError(`the network has no level ${name}`)
    return writer.node('Transpose', [value], { perm: [0, 2, 3, 1] })
  })
}

function graphOperations(writer: GraphWriter, weights: NetworkWeights): NetworkOperations<GraphValue> {
  return {
    convolve(values, unit) {
      const { filter, offset } = weights.of(unit)
      const { input, output, kernel, stride } = unit
      return writer.node('Conv', [values, writer.constant(filter, [output, input, kernel, kernel]), writer.constant(offset)], {
        kernel_shape: [kernel, kernel],
        strides: [stride, stride],
        pads: padding(unit),
      })
    },
    rectify: (values) => writer.node('Relu', [values]),
    add: (left, right) => writer.node('Add', [left, right]),
  }
}

/** TensorFlow's SAME for even sides: top, left, bottom, right. With stride 2 the one row and column that is wanting goes below and to the right. */
function padding({ kernel, stride }: ConvolutionUnit): readonly number[] {
  if (kernel === 1) return [0, 0, 0, 0]
  return stride === 1 ? [1, 1, 1, 1] : [0, 0, 1, 1]
}

/** By planes: ONNX Runtime is slow where an operand changes with every element. */
function normalize(writer: GraphWriter, planes: GraphValue): GraphValue {
  const { mean, std } = NORMALIZATION
  const perPlane = (values: readonly number[]): GraphValue => writer.constant(Float32Array.from(values), [3, 1, 1])
  return writer.node('Div', [writer.node('Sub', [planes, perPlane(mean)]), perPlane(std)])
}
