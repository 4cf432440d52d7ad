import type { GraphValue, GraphWriter, TracedFeatures, TracedFrames, TracedLevel, TracedPrediction } from '@im-iad/core'
import { traceLargest } from '@im-iad/nn'
import { SMALLEST_NORM } from '../teacher-features.ts'

export interface TracedNetworks {
  readonly frames: TracedFrames
  readonly teacher: TracedFeatures
  readonly student: readonly TracedLevel[]
}

/** What `predict` does, in a graph. */
export function traceStpm(graph: GraphWriter, { frames, teacher, student }: TracedNetworks): TracedPrediction {
  const { height, width } = frames
  const levels = student.map((level, index) => enlarge(graph, traceDistances(graph, teacher.levels[index], level), frames))
  const product = levels.reduce((map, level) => graph.node('Mul', [map, level]))
  const maps = { height, width, value: graph.node('Reshape', [product, graph.integers(-1, height, width)]) }
  return { scores: traceLargest(graph, maps), maps, batch: teacher.batch }
}

/** `[count, 1, height, width]`. */
function traceDistances(graph: GraphWriter, teacher: TracedLevel, student: TracedLevel): GraphValue {
  const [first, second] = [teacher, student].map(({ value }) => unitVectors(graph, value))
  const difference = graph.node('Sub', [first.units, second.units])
  const sum = graph.node('Add', [sumOfSquares(graph, difference), graph.node('Add', [first.missing, second.missing])])
  return graph.node('Transpose', [graph.node('Mul', [sum, graph.scalar(0.5)])], { perm: [0, 3, 1, 2] })
}

interface UnitVectors {
  readonly units: GraphValue
  /** 1 where there is no direction, else 0, `[count, height, width, 1]`. */
  readonly missing: GraphValue
}

function unitVectors(graph: GraphWriter, features: GraphValue): UnitVectors {
  const squares = sumOfSquares(graph, features)
  const norms = graph.node('Sqrt', [graph.node('Max', [squares, graph.scalar(SMALLEST_NORM ** 2)])])
  const missing = graph.node('Cast', [graph.node('Equal', [squares, graph.scalar(0)])], { to: FLOAT })
  return { units: graph.node('Div', [features, norms]), missing }
}

/** ONNX's number of the type float32. */
const FLOAT = 1

function sumOfSquares(graph: GraphWriter, values: GraphValue): GraphValue {
  return graph.node('ReduceSum', [graph.node('Mul', [values, values]), graph.integers(3)], { keepdims: 1 })
}

function enlarge(graph: GraphWriter, planes: GraphValue, { height, width }: TracedFrames): GraphValue {
  const unchanged = graph.node('Slice', [graph.node('Shape', [planes]), graph.integers(0), graph.integers(2)])
  const size = graph.node('Concat', [unchanged, graph.integers(height, width)], { axis: 0 })
  return graph.node('Resize', [planes, null, null, size], { mode: 'linear', coordinate_transformation_mode: 'half_pixel' })
}
