import { projectionMatrix, type MapGeometry } from '../map-projection.ts'
import type { GraphValue, GraphWriter } from './graph-writer.ts'

/** What `createMapProjection` does, in a graph: `[count, grid height, grid width]` to `[count, height, width]`. */
export function traceMapProjection(graph: GraphWriter, scores: GraphValue, { grid, output, sigma }: MapGeometry): GraphValue {
  const vertical = graph.constant(projectionMatrix(grid.height, output.height, sigma), [output.height, grid.height])
  const horizontal = graph.constant(projectionMatrix(grid.width, output.width, sigma), [output.width, grid.width])
  const wide = graph.node('MatMul', [scores, graph.node('Transpose', [horizontal], { perm: [1, 0] })])
  return graph.node('MatMul', [vertical, wide])
}
