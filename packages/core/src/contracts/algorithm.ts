import type { FeatureExtractor, TrainableBackbone, TrainableRequest } from './backbone.ts'
import type { GraphWriter, TracedFrames, TracedPrediction } from './graph.ts'
import type { ParameterSchema } from './parameters.ts'
import type { PluginBase } from './plugin.ts'
import type { RandomSource } from './random.ts'
import type { Label } from './sample.ts'

/** Table II of Xie et al., "IM-IAD". */
export type AlgorithmFamily =
  | 'memory-bank'
  | 'normalizing-flow'
  | 'teacher-student'
  | 'one-class'
  | 'distribution-map'
  | 'reconstruction-internal-data'
  | 'reconstruction-external-data'
  | 'few-shot'
  | 'noisy'
  | 'continual'
  | 'supervised'

/** Named parameter sets. `paper`: what tables mean. `laptop`: made for two CPU cores and still honest. `smoke`: proves that it runs, nothing more. */
export type Budget = 'paper' | 'laptop' | 'smoke'

export const BUDGETS: readonly Budget[] = ['paper', 'laptop', 'smoke']

/** The geometry that the runner applies to every picture and mask before the algorithm sees it. */
export interface InputGeometry {
  /** The whole picture is resized to exactly this; the aspect ratio is not kept. */
  readonly resize: { readonly width: number; readonly height: number }
  /** Antialiased, equal to Pillow's filter of that name. */
  readonly resample: 'bilinear' | 'lanczos'
  /** A centre crop after resizing, or `null`. */
  readonly crop: { readonly width: number; readonly height: number } | null
}

/** A batch of pictures, pixels only. */
export interface ImageBatch {
  readonly count: number
  readonly height: number
  readonly width: number
  /** uint8 RGB, `[count, height, width, 3]`. Valid until the call returns: copy what is kept. */
  readonly pixels: Uint8Array
}

/** A picture to train on. `label` and `mask` are there only for algorithms whose `supervision` asks for them. */
export interface TrainingSample {
  /** uint8 RGB, `[height, width, 3]`. */
  readonly pixels: Uint8Array
  readonly label?: Label
  /** 0 or 1, `[height, width]`. Absent where none was published or the protocol withholds it. */
  readonly mask?: Uint8Array
  /** Only for auxiliary samples: which of the other categories it is of. */
  readonly category?: string
}

/** A lazy sequence of samples that may be gone through any number of times; each is decoded and resized once. */
export interface TrainingSamples extends AsyncIterable<TrainingSample> {
  readonly length: number
  readonly height: number
  readonly width: number
  /** Random access, for shuffled epochs. @throws RangeError when `index` is not in [0, length) */
  at(index: number): Promise<TrainingSample>
  /** Batches in order; the last may be smaller. Reads ahead while a batch is being worked on. */
  batches(size: number): AsyncIterable<ImageBatch>
}

export interface FitProgress {
  /** In [0, 1], never falling within one `fit`. */
  readonly fraction: number
  /** What is being done: `extracting features`, `epoch 3 of 20`. */
  readonly stage: string
  readonly loss?: number
}

/** Bytes that survive the process: what `fit` saved last is handed to the `fit` that resumes it. */
export interface Checkpoint {
  /** The last bytes saved under this experiment and step, or `null`. */
  load(): Promise<Uint8Array | null>
  /** Replaces them atomically. */
  save(bytes: Uint8Array): Promise<void>
}

export interface FitRequest {
  readonly task: string
  readonly samples: TrainingSamples
  /** Empty unless `needs.otherCategories`. */
  readonly auxiliary: TrainingSamples
  readonly checkpoint: Checkpoint
  readonly onProgress: (progress: FitProgress) => void
  /** Look at it between batches; throw its `reason` when aborted. */
  readonly signal: AbortSignal
}

export interface AnomalyMaps {
  readonly height: number
  readonly width: number
  /** float32 `[count, height, width]`, higher is more anomalous. In the input's geometry; any resolution. */
  readonly data: Float32Array
}

export interface Prediction {
  /** float32 `[count]`, higher is more anomalous; finite; never rescaled to a range. */
  readonly scores: Float32Array
  /** There exactly when the algorithm's `outputs` is `image+pixel`. */
  readonly maps?: AnomalyMaps
}

/** What the runner gives an algorithm. */
export interface AlgorithmContext {
  readonly random: RandomSource
  /**
   * Opens a backbone: a plugin id, or the path of an `.onnx` file. The same reference gives the same extractor.
   * @throws ImIadError when it is not there, naming what is
   */
  readonly backbone: (reference: string) => Promise<FeatureExtractor>
  /**
   * A network of the backbone's architecture to train, a new one each time; `null` where the backbone has no trainable form (a formula, an `.onnx` file). Whoever asks disposes of it.
   * @throws ImIadError when it is not there, naming what is
   */
  readonly trainableBackbone: (reference: string, request: TrainableRequest) => Promise<TrainableBackbone | null>
  /** Threads that native libraries may use. Numbers must not depend on it, but for the last digits of an engine's kernels. */
  readonly threads: number
  /** A folder of the experiment's own for large intermediate files; removed when the experiment ends. */
  readonly workDirectory: string
  /** A folder with texture pictures, for algorithms with `needs.textures`; `null` when the user named none. */
  readonly textureDirectory: string | null
  /** Times a part of `predict` for the record. Parts may not nest. */
  readonly measure: <Result>(stage: 'forward' | 'score' | 'map', work: () => Promise<Result>) => Promise<Result>
  /** A line for the experiment's log. */
  readonly log: (message: string) => void
}

/** A model: made unfitted, then fitted or loaded. One call at a time. */
export interface AlgorithmInstance {
  /** Called again on the same instance it means "next task"; what is carried over is the algorithm's documented choice. */
  fit(request: FitRequest): Promise<void>
  /** Sees pixels only. The result for an image depends neither on the others of its batch nor on their order. */
  predict(batch: ImageBatch): Promise<Prediction>
  /** Writes all of the fitted state into an existing, empty folder, as data (safetensors, JSON). */
  save(directory: string): Promise<void>
  /** Restores what {@link save} wrote; the same parameters are assumed. */
  load(directory: string): Promise<void>
  /**
   * Writes what {@link predict} does into a graph, for `im-iad export`; the fitted state becomes constants. Absent where it can't be written.
   * Scores and maps agree with `predict`'s to 1e-4 of the picture's largest value.
   */
  trace?(graph: GraphWriter, frames: TracedFrames): Promise<TracedPrediction>
  dispose(): Promise<void>
}

export interface AlgorithmNeeds<Parameters> {
  /** Reads `auxiliary`. */
  readonly otherCategories?: boolean
  /** Can use a folder of textures. */
  readonly textures?: boolean
  /** The parameters that name a backbone: their weights' hashes go into the experiment's hash. */
  readonly backbones?: readonly (keyof Parameters & string)[]
}

/** An anomaly detection method. */
export interface AlgorithmPlugin<Parameters extends object = object> extends PluginBase {
  readonly kind: 'algorithm'
  readonly citation: string
  readonly family: AlgorithmFamily
  readonly outputs: 'image' | 'image+pixel'
  /**
   * What `fit` is told of the training samples. With `pixel-labels` the runner refuses an abnormal training image for which no mask was published; a paradigm may still
   * withhold masks that there are.
   */
  readonly supervision: 'none' | 'image-labels' | 'pixel-labels'
  readonly needs: AlgorithmNeeds<Parameters>
  /**
   * Whether a loaded model learns the next task exactly as the saved one would have. Then an experiment over several tasks that was killed goes on from the model that was saved between them; otherwise
   * its earlier tasks are fitted again, from their checkpoints. False for what keeps more from task to task than it saves, an optimiser's moments for one. Checked by the conformance suite.
   */
  readonly learnsOnAfterLoading?: boolean
  readonly parameters: ParameterSchema<Parameters>
  /** What each budget sets; what it leaves out has the schema's default. `paper` is what the schema's defaults mean. */
  readonly budgets: Readonly<Record<Budget, Partial<Parameters>>>
  /** The geometry that these parameters ask for. Pure. */
  input(parameters: Parameters): InputGeometry
  /** Seconds that fitting and predicting so many pictures take on two CPU cores, to an order of magnitude: for `im-iad plan` and the warning before long runs. */
  estimateSeconds?(parameters: Parameters, pictures: { readonly train: number; readonly test: number }): number
  /** Makes an unfitted model. Heavy libraries are imported here or later, never at import time. */
  create(parameters: Parameters, context: AlgorithmContext): Promise<AlgorithmInstance>
}
