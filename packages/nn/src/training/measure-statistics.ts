import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import { syncTensors } from '../engines/sync-tensors.ts'
import type { TensorEngine } from '../engines/engine-request.ts'
import { STATISTICS_MOMENTUM } from '../layers/batch-normalize.ts'
import type { TrainingBatch } from './training-request.ts'

export interface StatisticsRequest {
  readonly tf: TensorEngine
  /** The running statistics of every batch normalisation in the network. */
  readonly statistics: ReadonlyMap<string, Variable>
  /** How many batches are averaged; with none the statistics stay as they are. */
  readonly batches: number
  readonly load: (batch: number) => Promise<TrainingBatch>
  /** The network's forward pass in training mode. */
  readonly forward: (batch: Readonly<Record<string, Tensor>>) => void
  readonly signal: AbortSignal
}

/**
 * Measures the statistics of batch normalisation anew when training is done: their plain mean over so many batches, with the weights as they are now (Wu and Johnson, "Rethinking 'Batch' in BatchNorm",
 * 2021, section 3). Running averages hold on to about ten batches, each seen by other weights, which short trainings at high learning rates move too fast for them.
 */
export async function measureStatistics({ tf, statistics, batches, load, forward, signal }: StatisticsRequest): Promise<void> {
  if (batches === 0) return
  const sums = new Map([...statistics].map(([name, { size }]) => [name, new Float64Array(size)]))
  for (let batch = 0; batch < batches; batch++) {
    signal.throwIfAborted()
    const loaded = await load(batch)
    tf.tidy(() => {
      // What a forward pass leaves of zeros is its own statistics times the momentum.
      for (const variable of statistics.values()) variable.assign(tf.zeros(variable.shape))
      forward(Object.fromEntries(Object.entries(loaded).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])])))
    })
    await syncTensors(tf, [...statistics.values()])
    for (const [name, variable] of statistics) addTo(sums.get(name), await variable.data())
  }
  tf.tidy(() => {
    for (const [name, variable] of statistics) {
      const mean = Float32Array.from(sums.get(name) ?? [], (sum) => sum / batches / STATISTICS_MOMENTUM)
      variable.assign(tf.tensor(mean, variable.shape))
    }
  })
}

function addTo(sum: Float64Array | undefined, values: ArrayLike<number>): void {
  if (sum !== undefined) for (let place = 0; place < sum.length; place++) sum[place] += values[place]
}
