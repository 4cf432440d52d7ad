import type { TracedPrediction } from '@im-iad/core'
import { frameSize, windowOf, type Geometry } from '@im-iad/images'
import type { GraphBuilder, Value } from '@im-iad/onnx'
import type { TracedPictures } from './trace-geometry.ts'

/** What brings a map back to its picture's own size, in a graph: float32 `[count, height, width]`. */
export function traceNativeMap(
  graph: GraphBuilder,
  maps: NonNullable<TracedPrediction['maps']>,
  { height, width }: Pick<TracedPictures, 'height' | 'width'>,
  geometry: Geometry,
): Value {
  const frame = frameSize(geometry)
  const planes = graph.node('Unsqueeze', [maps.value, graph.integers(1)])
  const isFramed = maps.height === frame.height && maps.width === frame.width
  const framed = isFramed ? planes : resize(graph, planes, graph.integers(frame.height, frame.width))
  const whole = geometry.crop === null ? framed : uncrop(graph, framed, geometry)
  const vector = (dimension: Value): Value => graph.node('Unsqueeze', [dimension, graph.integers(0)])
  const native = resize(graph, whole, graph.node('Concat', [vector(height), vector(width)], { axis: 0 }))
  return graph.node('Squeeze', [native, graph.integers(1)])
}

/** Bilinear, half-pixel centres, edges clamped. @param size - int64 `[2]` */
function resize(graph: GraphBuilder, planes: Value, size: Value): Value {
  const unchanged = graph.node('Slice', [graph.node('Shape', [planes]), graph.integers(0), graph.integers(2)])
  const sizes = graph.node('Concat', [unchanged, size], { axis: 0 })
  return graph.node('Resize', [planes, null, null, sizes], { mode: 'linear', coordinate_transformation_mode: 'half_pixel' })
}

/** Puts a centre crop's map back into the resized picture; around it is the map's own minimum, as in `frameMap`. */
function uncrop(graph: GraphBuilder, planes: Value, geometry: Geometry): Value {
  const { left, top, width, height } = windowOf(geometry)
  const right = geometry.resize.width - width - left
  const bottom = geometry.resize.height - height - top
  const values = graph.node('Reshape', [planes, graph.integers(0, -1)])
  const [least] = graph.nodes('TopK', [values, graph.integers(1)], 2, { axis: 1, largest: 0 })
  if (least === undefined) throw new RangeError('TopK has two outputs')
  const minimum = graph.node('Reshape', [least, graph.integers(-1, 1, 1, 1)])
  const above = graph.node('Sub', [planes, minimum])
  const padded = graph.node('Pad', [above, graph.integers(0, 0, top, left, 0, 0, bottom, right)])
  return graph.node('Add', [padded, minimum])
}
