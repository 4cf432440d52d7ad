/** What a training is made of: the same settings give the same weights on the same kind of machine. */
export interface TrainingSettings {
  readonly seed: number
  /** Pixels per side of a scene; a multiple of 16. */
  readonly size: number
  readonly scenes: number
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  readonly weightDecay: number
  /** Steps in which the learning rate rises. */
  readonly warmUp: number
}

export const DISTILLED: TrainingSettings = {
  seed: 0,
  size: 144,
  scenes: 6000,
  epochs: 8,
  batchSize: 8,
  learningRate: 2.5e-3,
  weightDecay: 0.02,
  warmUp: 150,
}

/** Shorter than {@link DISTILLED}: two views of a scene cost twice as much as one, and it was behind from the start. */
export const SELF_SUPERVISED: TrainingSettings = {
  seed: 0,
  size: 128,
  scenes: 2800,
  epochs: 2,
  batchSize: 8,
  learningRate: 2e-3,
  weightDecay: 0.02,
  warmUp: 100,
}
