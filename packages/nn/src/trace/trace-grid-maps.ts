import type { Grid } from '../grid-maps.ts'
import type { GraphValue, GraphWriter } from './graph-writer.ts'
import { traceMapProjection } from './trace-map-projection.ts'

/** What `openGridMaps` does with scores `[count, positions of the grid]`, in a graph. */
export function traceGridMaps(
  graph: GraphWriter,
  scores: GraphValue,
  { grid, output, sigma }: { readonly grid: Grid; readonly output: Grid; readonly sigma: number },
): Grid & { readonly value: GraphValue } {
  const grids = graph.node('Reshape', [scores, graph.integers(-1, grid.height, grid.width)])
  return { height: output.height, width: output.width, value: traceMapProjection(graph, grids, { grid, output, sigma }) }
}

/** The largest value of every map, `[count, height, width]` to `[count]`. */
export function traceLargest(graph: GraphWriter, { height, width, value }: Grid & { readonly value: GraphValue }): GraphValue {
  const values = graph.node('Reshape', [value, graph.integers(-1, height * width)])
  const [largest] = graph.nodes('TopK', [values, graph.integers(1)], 2, { axis: 1 })
  return graph.node('Reshape', [largest, graph.integers(-1)])
}
