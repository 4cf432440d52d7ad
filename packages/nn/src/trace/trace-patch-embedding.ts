import { finestLevel } from '../feature-level.ts'
import { channelPooling, channelShare } from '../channel-pooling.ts'
import type { GraphValue, GraphWriter } from './graph-writer.ts'
import type { TracedLevel, TracedPatches } from './traced-patches.ts'

/** What `embedPatches` does, in a graph. */
export function tracePatchEmbedding(graph: GraphWriter, levels: readonly TracedLevel[], targetDimension: number): TracedPatches {
  const { height, width } = finestLevel(levels)
  const channels = levels.map((level) => level.channels)
  const share = channelShare(channels, targetDimension)
  const planes = levels.map((level) => traceLevel(graph, level, share, { height, width }))
  const joined = graph.node('Concat', planes, { axis: 1 })
  const dimension = channels.reduce((sum, own) => sum + (share ?? own), 0)
  return { height, width, dimension, value: graph.node('Transpose', [joined], { perm: [0, 2, 3, 1] }) }
}

/** A level's share of the patch features, `[count, share, grid height, grid width]`. */
function traceLevel(
  graph: GraphWriter,
  level: TracedLevel,
  share: number | null,
  grid: { readonly height: number; readonly width: number },
): GraphValue {
  const planes = graph.node('Transpose', [level.value], { perm: [0, 3, 1, 2] })
  const window = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1], count_include_pad: 1 }
  const means = graph.node('AveragePool', [planes], window)
  const pooled = share === null ? means : traceShare(graph, { planes, means, channels: level.channels }, share)
  if (level.height === grid.height && level.width === grid.width) return pooled
  const unchanged = graph.node('Slice', [graph.node('Shape', [pooled]), graph.integers(0), graph.integers(2)])
  const size = graph.node('Concat', [unchanged, graph.integers(grid.height, grid.width)], { axis: 0 })
  return graph.node('Resize', [pooled, null, null, size], { mode: 'linear', coordinate_transformation_mode: 'half_pixel' })
}

function traceShare(
  graph: GraphWriter,
  { planes, means, channels }: { readonly planes: GraphValue; readonly means: GraphValue; readonly channels: number },
  share: number,
): GraphValue {
  if (channels !== share) {
    const weights = graph.constant(channelPooling(channels, share), [channels, share, 1, 1])
    return graph.node('Conv', [means, graph.node('Transpose', [weights], { perm: [1, 0, 2, 3] })])
  }
  const parts = [graph.node('Mul', [means, graph.scalar(0.9)]), graph.node('Mul', [planes, graph.scalar(0.1)])]
  return graph.node('Add', parts)
}
