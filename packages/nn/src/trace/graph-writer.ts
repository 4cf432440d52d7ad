/** A value of a graph. */
export interface GraphValue {
  readonly name: string
}

/** The part of core's GraphWriter that is needed here, structurally: operators of the ONNX standard. */
export interface GraphWriter {
  constant(data: Float32Array | BigInt64Array, shape?: readonly number[]): GraphValue
  integers(...values: readonly number[]): GraphValue
  scalar(value: number): GraphValue
  node(
    operator: string,
    inputs: readonly (GraphValue | null)[],
    attributes?: Readonly<Record<string, number | readonly number[] | string | { readonly float: number }>>,
  ): GraphValue
  nodes(
    operator: string,
    inputs: readonly (GraphValue | null)[],
    outputCount: number,
    attributes?: Readonly<Record<string, number | readonly number[] | string | { readonly float: number }>>,
  ): readonly GraphValue[]
}

/** One that takes in whole models too. */
export interface ModelGraphWriter extends GraphWriter {
  embed(model: Uint8Array, inputs: Readonly<Record<string, GraphValue>>, outputs: readonly string[]): readonly GraphValue[]
}
