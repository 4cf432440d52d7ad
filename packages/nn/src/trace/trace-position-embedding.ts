import { finestLevel } from '../feature-level.ts'
import { blockIndices, channelsOfLevels } from '../position-embedding.ts'
import type { TracedLevel, TracedPatches } from './traced-patches.ts'
import type { GraphValue, GraphWriter } from './graph-writer.ts'

/** What `embedPositions` does, in a graph. */
export function tracePositionEmbedding(graph: GraphWriter, levels: readonly TracedLevel[], channels: readonly number[]): TracedPatches {
  const { height, width } = finestLevel(levels)
  const chosen = channelsOfLevels(
    levels.map((level) => level.channels),
    channels,
  )
  const parts = levels.flatMap((level, index) =>
    chosen[index].from.length === 0 ? [] : [traceLevel(graph, level, chosen[index].from, { height, width })],
  )
  const places = chosen.flatMap(({ to }) => [...to])
  const order = channels.map((_, place) => places.indexOf(place))
  const joined = parts.length === 1 ? parts[0] : graph.node('Concat', parts, { axis: 3 })
  return { height, width, dimension: channels.length, value: graph.node('Gather', [joined, graph.integers(...order)], { axis: 3 }) }
}

function traceLevel(graph: GraphWriter, level: TracedLevel, from: Int32Array, grid: Pick<TracedPatches, 'height' | 'width'>): GraphValue {
  const chosen = graph.node('Gather', [level.value, graph.integers(...from)], { axis: 3 })
  if (level.height === grid.height && level.width === grid.width) return chosen
  const rows = graph.node('Gather', [chosen, graph.integers(...blockIndices(level.height, grid.height))], { axis: 1 })
  return graph.node('Gather', [rows, graph.integers(...blockIndices(level.width, grid.width))], { axis: 2 })
}
