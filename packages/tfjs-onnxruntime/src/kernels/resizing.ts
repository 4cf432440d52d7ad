import type { Facts } from '../facts.ts'
import type { Graph } from '../graph/graph.ts'
import type { Ir } from '../graph/ir.ts'
import { defineKernel, type KernelDefinition } from './kernel-definition.ts'
import { linearTaps, nearestSources, nearestTaps, tapMatrix, type ResizeConvention, type Taps, type TapsOf } from './resize-taps.ts'

interface ResizeAttributes extends ResizeConvention {
  readonly size: readonly [number, number]
}

function matrix(graph: Graph, taps: Taps, from: number, transposed: boolean): Ir {
  const to = taps.length
  return graph.constant(tapMatrix(taps, from, transposed), transposed ? [from, to] : [to, from], 'float32')
}

const resized = ([images]: readonly Facts[], { size }: ResizeAttributes): Facts => ({
  shape: [images.shape[0], ...size, images.shape[3]],
  dtype: 'float32',
})

/** Resizing is linear and separable: one matrix per axis; its gradient is the product with the transposed ones. */
function resample(graph: Graph, x: Ir, shape: readonly number[], rows: Ir, columns: Ir): Ir {
  return graph.node('Resample', [x, rows, columns], { shape, dtype: 'float32' })
}

function resize(taps: TapsOf): (graph: Graph, inputs: readonly Ir[], attributes: ResizeAttributes) => Ir {
  return (graph, [images], attributes) => {
    const [, height, width] = images.shape
    const rows = matrix(graph, taps(height, attributes.size[0], attributes), height, false)
    const columns = matrix(graph, taps(width, attributes.size[1], attributes), width, false)
    return resample(graph, images, resized([images], attributes).shape, rows, columns)
  }
}

/** The kernels of gradients name the convention, and take the sizes from their inputs. */
function resizeGradient(taps: TapsOf): (graph: Graph, inputs: readonly Ir[], attributes: ResizeAttributes) => Ir {
  return (graph, [images, dy], attributes) => {
    const [, height, width] = images.shape
    const rows = matrix(graph, taps(height, dy.shape[1], attributes), height, true)
    const columns = matrix(graph, taps(width, dy.shape[2], attributes), width, true)
    return resample(graph, dy, images.shape, rows, columns)
  }
}

/** Nearest neighbours are picked, which costs no multiplications. */
function resizeNearest(graph: Graph, [images]: readonly Ir[], attributes: ResizeAttributes): Ir {
  return attributes.size.reduce((picked: Ir, extent, index) => {
    const axis = index + 1
    const sources = nearestSources(images.shape[axis], extent, attributes)
    if (sources.length === images.shape[axis] && sources.every((source, target) => source === target)) return picked
    const shape = picked.shape.map((size, other) => (other === axis ? extent : size))
    return graph.node(
      'Gather',
      [picked, graph.constant(Int32Array.from(sources), [extent], 'int32')],
      { shape, dtype: picked.dtype },
      { axis },
    )
  }, images)
}

export const resizingKernels: readonly KernelDefinition[] = [
  defineKernel<ResizeAttributes>('ResizeBilinear', ['images'], resized, resize(linearTaps)),
  defineKernel<ResizeAttributes>('ResizeBilinearGrad', ['images', 'dy'], ([images]) => images, resizeGradient(linearTaps)),
  defineKernel<ResizeAttributes>(
    'ResizeNearestNeighbor',
    ['images'],
    ([images], attributes) => ({ ...resized([images], attributes), dtype: images.dtype }),
    resizeNearest,
  ),
  defineKernel<ResizeAttributes>('ResizeNearestNeighborGrad', ['images', 'dy'], ([images]) => images, resizeGradient(nearestTaps)),
]
