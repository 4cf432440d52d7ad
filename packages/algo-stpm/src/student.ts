import type { GraphWriter, InputNormalization, TracedFrames, TracedLevel } from '@im-iad/core'
import type { StoredNetwork } from '@im-iad/nn'
import type { Tensor4D, Variable } from '@tensorflow/tfjs-core'

/** The network that learns the teacher's features. */
export interface Student extends StoredNetwork {
  /** How {@link forward} wants its pictures. */
  readonly normalization: InputNormalization
  /** What the optimiser changes. */
  readonly variables: ReadonlyMap<string, Variable>
  /** Running statistics. */
  readonly statistics: ReadonlyMap<string, Variable>
  /** Features `[count, height, width, channels]` of normalised pictures, a level for each stride that is matched, in that order. */
  forward(images: Tensor4D, mode: 'training' | 'inference'): readonly Tensor4D[]
  /** The same in a graph. Absent where it can't be written. */
  readonly trace: ((graph: GraphWriter, frames: TracedFrames) => Promise<readonly TracedLevel[]>) | null
  dispose(): void
}
