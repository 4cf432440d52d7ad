import type { GraphValue } from './graph-writer.ts'

/** A level of features in a graph; structurally core's TracedLevel. */
export interface TracedLevel {
  readonly channels: number
  readonly height: number
  readonly width: number
  /** float32 `[count, height, width, channels]`. */
  readonly value: GraphValue
}

/** Patch features in a graph: float32 `[count, height, width, dimension]`. */
export interface TracedPatches {
  readonly height: number
  readonly width: number
  readonly dimension: number
  readonly value: GraphValue
}
