/** Where the order of the samples comes from; structurally core's RandomStream. */
export interface ShuffleSource {
  /** A shuffled copy. */
  shuffle<Item>(items: readonly Item[]): Item[]
}

/** One batch of a training. */
export interface BatchPosition {
  /** From 0. */
  readonly epoch: number
  /** Steps before it, over all epochs. */
  readonly step: number
  /** Which samples. */
  readonly indices: readonly number[]
}

export interface BatchOrder {
  readonly sampleCount: number
  readonly batchSize: number
  /** What happens to samples that fill no batch at an epoch's end. A dropped rest is another one in every shuffled epoch. */
  readonly lastBatch: 'keep' | 'drop'
  readonly epochs: number
  /** `null`: samples come in order. */
  readonly shuffle: ShuffleSource | null
}

/** @throws RangeError when an epoch would have no batch */
export function stepsPerEpoch({ sampleCount, batchSize, lastBatch }: Pick<BatchOrder, 'sampleCount' | 'batchSize' | 'lastBatch'>): number {
  const steps = lastBatch === 'keep' ? Math.ceil(sampleCount / batchSize) : Math.floor(sampleCount / batchSize)
  if (!(steps >= 1)) throw new RangeError(`${sampleCount} samples give no batch of ${batchSize}`)
  return steps
}

/** All batches of a training in their order. Every epoch is a shuffle of its own, drawn one after another, so that a resumed training that skips batches gets the same. */
export function* batchPositions(order: BatchOrder): Generator<BatchPosition> {
  const steps = stepsPerEpoch(order)
  const samples = Array.from({ length: order.sampleCount }, (_, index) => index)
  for (let epoch = 0; epoch < order.epochs; epoch++) {
    const sequence = order.shuffle === null ? samples : order.shuffle.shuffle(samples)
    for (let batch = 0; batch < steps; batch++)
      yield { epoch, step: epoch * steps + batch, indices: sequence.slice(batch * order.batchSize, (batch + 1) * order.batchSize) }
  }
}
