import type { ImageBatch } from './algorithm.ts'
import type { GraphWriter, TracedFeatures, TracedFrames } from './graph.ts'
import type { PluginBase } from './plugin.ts'
import type { RandomStream } from './random.ts'

/** One level of a backbone's features. */
export interface FeatureLevel {
  /** As published: `layer2`, `stage3`. */
  readonly name: string
  readonly channels: number
  /** Input pixels per feature position: 4, 8, 16, 32. Levels are asked for by it. */
  readonly stride: number
}

/** How a backbone wants its pixels: `(p - mean) / std` per RGB channel, in units of 0…255. Part of its definition: the wrong one silently costs up to 0.2 AUROC. */
export interface InputNormalization {
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
}

/** Where a backbone's numbers come from. */
export type WeightsSource =
  /** Computed from a formula: nothing to download; `revision` stands for the numbers. */
  | { readonly kind: 'formula' }
  /** Comes inside the package. */
  | { readonly kind: 'packaged'; readonly sha256: string; readonly license: string; readonly trainedOn: string }
  /** The user's own file, named by its path: the plugin opens files with these extensions. A companion is a file beside it with another extension that counts too. */
  | { readonly kind: 'file'; readonly extensions: readonly `.${string}`[]; readonly companions: readonly `.${string}`[] }
  /** Published somewhere; kept in `IM_IAD_HOME/weights`. */
  | {
      readonly kind: 'download'
      readonly file: string
      readonly url: string
      readonly sha256: string
      readonly license: string
      readonly trainedOn: string
      /** Which publication of them: a commit, tag or date of the hub. */
      readonly revision?: string
      /** In bytes. Shown before a download; a server that offers another size is refused. */
      readonly size?: number
      /** Whose names the parameters have: `torchvision`, `timm`. */
      readonly parameterNames?: string
      /** The same numbers in other files, each as good as the first: a `.pth` beside the `.safetensors`. `open` gets whichever lies in `IM_IAD_HOME/weights`. */
      readonly alternatives?: readonly WeightsAlternative[]
    }

/** Another file with the same weights. */
export interface WeightsAlternative {
  readonly file: string
  readonly sha256: string
  readonly parameterNames?: string
}

/** One level of features of a batch. */
export interface FeatureMap {
  readonly level: FeatureLevel
  readonly height: number
  readonly width: number
  /** float32 `[count, height, width, channels]`. */
  readonly data: Float32Array
}

/** A frozen backbone, opened. */
export interface FeatureExtractor {
  readonly levels: readonly FeatureLevel[]
  /** What a reader of the results should know (an assumed normalisation, say), a sentence each: shown and recorded. */
  readonly notes: readonly string[]
  /** Features at the given strides, in that order. Normalisation is done inside. @throws ImIadError for a stride that no level has, naming those there are */
  extract(batch: ImageBatch, strides: readonly number[]): Promise<readonly FeatureMap[]>
  /** Writes what {@link extract} does into a graph, normalisation included. Absent where it can't be written. */
  trace?(graph: GraphWriter, frames: TracedFrames, strides: readonly number[]): Promise<TracedFeatures>
  dispose(): Promise<void>
}

/** The values of one parameter, in PyTorch's layout. */
export interface ParameterValue {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** What an algorithm wants of a network that it trains. */
export interface TrainableRequest {
  /**
   * `pretrained`: it begins with the backbone's weights. `random`: as its authors begin, drawn from `random`. `frozen`: the backbone as it is, for gradients with respect to the pictures; a formula can
   * give that too, and whoever asks for it changes no variable.
   */
  readonly start: 'pretrained' | 'random' | 'frozen'
  /** Where the numbers of a random start come from. */
  readonly random: RandomStream
  /** Levels that are needed; nothing beyond the coarsest is built. @throws ImIadError for a stride that no level has, naming those there are */
  readonly strides: readonly number[]
}

/**
 * A network of a backbone's architecture whose weights are trained, in the tensor engine that is open in this process. It shares nothing with the frozen backbone or another trainable one.
 * `Tensor` is the engine's, `Variable` what its optimisers change.
 */
export interface TrainableBackbone<Tensor = unknown, Variable = Tensor> {
  /** From fine to coarse, up to the coarsest that was asked for. */
  readonly levels: readonly FeatureLevel[]
  /** How {@link forward} wants its pictures. */
  readonly normalization: InputNormalization
  /** What an optimiser changes, by published names. */
  readonly variables: ReadonlyMap<string, Variable>
  /** Running statistics: changed by {@link forward} in training mode, part of the state. */
  readonly statistics: ReadonlyMap<string, Variable>
  /** Features of normalised `[count, height, width, 3]` pictures, in the order of `levels`. In training mode batch statistics are used and running ones updated. */
  forward(images: Tensor, mode: 'training' | 'inference'): readonly Tensor[]
  /** Copies of all variables and statistics. */
  read(): Promise<Readonly<Record<string, ParameterValue>>>
  /** Puts back what {@link read} gave. @throws ImIadError when one is missing or has another shape */
  write(values: ReadonlyMap<string, ParameterValue>): void
  /** Writes {@link forward} in inference mode into a graph, normalisation included, with the weights as they are now; in the order of `levels`. Absent where it can't be written. */
  trace?(graph: GraphWriter, frames: TracedFrames): Promise<TracedFeatures>
  dispose(): void
}

export interface BackboneContext {
  /** The path of the weights file for sources of kind `download` and `file`; else `null`. */
  readonly weightsFile: string | null
  /** Threads that a native library may use. */
  readonly threads: number
}

/** A feature extractor, as a plugin. */
export interface BackbonePlugin extends PluginBase {
  readonly kind: 'backbone'
  readonly citation: string
  readonly license: string
  /** `null` where it comes with the file (weights of kind `file`). */
  readonly normalization: InputNormalization | null
  /** Empty where they come with the file. */
  readonly levels: readonly FeatureLevel[]
  readonly weights: WeightsSource
  /**
   * For weights of kind `download`: what a file has to hold, shapes by names, when its names are those that a source states as `parameterNames`. Further parameters (a classifier's) may be there.
   * The conformance suite compares `open` with it. Pure; nothing is read or loaded.
   */
  weightShapes?(parameterNames: string): ReadonlyMap<string, readonly number[]>
  /** Opens it frozen. */
  open(context: BackboneContext): Promise<FeatureExtractor>
  /** Opens it trainable, anew each time; absent where the formula or format can't be trained, `null` where it can't begin like that. */
  train?(context: BackboneContext, request: TrainableRequest): Promise<TrainableBackbone | null>
}
