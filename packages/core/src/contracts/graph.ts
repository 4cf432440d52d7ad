/** A value of a graph: an input, a constant or a node's output. */
export interface GraphValue {
  readonly name: string
}

/** Integers and lists of integers are INT and INTS; `{ float }` and `{ floats }` mark the others, since JavaScript has one number type. */
export type GraphAttribute = number | readonly number[] | string | { readonly float: number } | { readonly floats: readonly number[] }

/**
 * What an algorithm or backbone writes its computation with when a model is exported: operators of the ONNX standard (domain `ai.onnx`) and no others.
 * The operator set is 18, or that of an embedded model, 13 at least: only operators that are written alike in all of these may be used. So no `ReduceMax` with axes, no `Split` without sizes.
 */
export interface GraphWriter {
  /** A constant, its type by the class of `data`; `shape` is a vector's by default. */
  constant(data: Float32Array | Float64Array | Int32Array | BigInt64Array, shape?: readonly number[]): GraphValue
  /** A float32 constant without dimensions. */
  scalar(value: number): GraphValue
  /** An int64 vector, as shapes, axes and pads want it. */
  integers(...values: readonly number[]): GraphValue
  /** A node with one output. `null` leaves an optional input out. */
  node(operator: string, inputs: readonly (GraphValue | null)[], attributes?: Readonly<Record<string, GraphAttribute>>): GraphValue
  /** A node with several outputs. */
  nodes(
    operator: string,
    inputs: readonly (GraphValue | null)[],
    outputCount: number,
    attributes?: Readonly<Record<string, GraphAttribute>>,
  ): readonly GraphValue[]
  /**
   * Takes in a whole ONNX model, its names made unique.
   * @param inputs - what goes into the model's inputs, by their names
   * @returns its outputs of the given names, in that order
   * @throws ImIadError IM_IAD_E_ONNX_EMBED when it uses other operators than the standard's, an operator set that is too old or too new, or keeps its weights elsewhere
   */
  embed(model: Uint8Array, inputs: Readonly<Record<string, GraphValue>>, outputs: readonly string[]): readonly GraphValue[]
  /**
   * Announces constants before they are computed.
   * @throws ImIadError IM_IAD_E_ONNX_SIZE when the model would become larger than one file may be
   */
  reserve(bytes: number): void
}

/** Pictures in the model's frame, inside a graph. */
export interface TracedFrames {
  /** float32 `[count, height, width, 3]`, RGB, whole numbers in 0…255. */
  readonly value: GraphValue
  readonly height: number
  readonly width: number
}

/** One level of features inside a graph. */
export interface TracedLevel {
  readonly channels: number
  readonly height: number
  readonly width: number
  /** float32 `[count, height, width, channels]`. */
  readonly value: GraphValue
}

export interface TracedFeatures {
  readonly levels: readonly TracedLevel[]
  /** The only number of pictures that can go in at a time, or `null`. */
  readonly batch: number | null
}

export interface TracedPrediction {
  /** float32 `[count]`. */
  readonly scores: GraphValue
  /** float32 `[count, height, width]`; there exactly when the algorithm's `outputs` is `image+pixel`. */
  readonly maps?: { readonly height: number; readonly width: number; readonly value: GraphValue }
  /** The only number of pictures that can go in at a time, or `null`. */
  readonly batch: number | null
}
