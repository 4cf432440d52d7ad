import type { GraphWriter, TracedFrames, TracedPrediction } from '@im-iad/core'
import { traceUNet, type TracedValues } from '@im-iad/nn'
import { windowSide } from '../image-score.ts'
import { restorerArchitecture, segmenterArchitecture, type NetworkWidths } from '../networks.ts'
import type { DraemParameters } from '../parameters.ts'

export interface TraceRequest {
  readonly frames: TracedFrames
  readonly parameters: NetworkWidths & Pick<DraemParameters, 'scoreRadius'>
  readonly restorer: TracedValues
  readonly segmenter: TracedValues
}

/** What `predict` does, in a graph. */
export function traceDraem(graph: GraphWriter, { frames, parameters, restorer, segmenter }: TraceRequest): TracedPrediction {
  const { height, width } = frames
  graph.reserve(4 * [restorer, segmenter].flatMap((values) => Object.values(values)).reduce((sum, { data }) => sum + data.length, 0))
  const planes = graph.node('Transpose', [frames.value], { perm: [0, 3, 1, 2] })
  const pictures = graph.node('Div', [planes, graph.scalar(255)])
  const restored = traceUNet(graph, pictures, restorerArchitecture(parameters.restorerWidth), restorer)
  const both = graph.node('Concat', [restored, pictures], { axis: 1 })
  const logits = traceUNet(graph, both, segmenterArchitecture(parameters.segmenterWidth), segmenter)
  const [sound, damaged] = [0, 1].map((channel) => graph.node('Gather', [logits, graph.integers(channel)], { axis: 1 }))
  const probabilities = graph.node('Sigmoid', [graph.node('Sub', [damaged, sound])])
  const { scoreRadius: padding } = parameters
  const means = graph.node('AveragePool', [probabilities], {
    kernel_shape: [windowSide(padding), windowSide(padding)],
    pads: [padding, padding, padding, padding],
    count_include_pad: 1,
  })
  const values = graph.node('Reshape', [means, graph.integers(-1, height * width)])
  const [largest] = graph.nodes('TopK', [values, graph.integers(1)], 2, { axis: 1 })
  return {
    scores: graph.node('Reshape', [largest, graph.integers(-1)]),
    maps: { height, width, value: graph.node('Reshape', [probabilities, graph.integers(-1, height, width)]) },
    batch: null,
  }
}
