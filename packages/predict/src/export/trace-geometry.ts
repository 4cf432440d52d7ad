import type { TracedFrames } from '@im-iad/core'
import { frameSize, windowOf, type Geometry } from '@im-iad/images'
import type { GraphBuilder, Value } from '@im-iad/onnx'
import { cast, traceResampling } from './trace-resampling.ts'

/** Pictures of any size in a graph. */
export interface TracedPictures {
  /** uint8 `[count, height, width, 3]`, RGB. */
  readonly value: Value
  /** int64 without dimensions. */
  readonly height: Value
  readonly width: Value
}

/** Finds the sizes of an input `[count, height, width, 3]`. */
export function tracePictures(graph: GraphBuilder, value: Value): TracedPictures {
  const shape = graph.node('Shape', [value])
  const dimension = (axis: number): Value => graph.node('Gather', [shape, graph.constant(BigInt64Array.of(BigInt(axis)), [])], { axis: 0 })
  return { value, height: dimension(1), width: dimension(2) }
}

/** What `applyGeometry` does, in a graph, bit for bit: along rows first, then along columns. */
export function traceGeometry(graph: GraphBuilder, { value, height, width }: TracedPictures, geometry: Geometry): TracedFrames {
  const { left, top, ...size } = windowOf(geometry)
  const { resize, resample: filter } = geometry
  const vector = (dimension: Value): Value => graph.node('Unsqueeze', [dimension, graph.integers(0)])
  const columns = { from: width, to: resize.width, filter, range: { first: left, count: size.width } }
  const rows = { from: height, to: resize.height, filter, range: { first: top, count: size.height } }
  // Whichever axis is resampled comes first, so that taps are whole runs of memory.
  const byColumn = flat(graph, graph.node('Transpose', [value], { perm: [2, 0, 1, 3] }))
  const narrow = traceResampling(graph, byColumn, columns)
  const narrowShape = graph.node('Concat', [graph.integers(size.width, -1), vector(height), graph.integers(3)], { axis: 0 })
  const byRow = flat(graph, graph.node('Transpose', [graph.node('Reshape', [narrow, narrowShape])], { perm: [2, 1, 0, 3] }))
  const small = graph.node('Reshape', [traceResampling(graph, byRow, rows), graph.integers(size.height, -1, size.width, 3)])
  return { ...frameSize(geometry), value: cast(graph, graph.node('Transpose', [small], { perm: [1, 0, 2, 3] }), 'float32') }
}

function flat(graph: GraphBuilder, value: Value): Value {
  return graph.node('Reshape', [value, graph.integers(0, -1)])
}
