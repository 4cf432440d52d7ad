import { exportOnnx } from '@im-iad/tfjs-onnxruntime'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'
import type { GraphValue } from './graph-writer.ts'

/** The part of core's GraphWriter that takes in whole models. */
export interface EmbeddingWriter {
  embed(model: Uint8Array, inputs: Readonly<Record<string, GraphValue>>, outputs: readonly string[]): readonly GraphValue[]
}

/** A value of a graph that goes into a computation, with its shape there. */
export interface TracedInput {
  readonly value: GraphValue
  readonly shape: readonly number[]
}

/**
 * Writes what a function of tensors computes into a graph, gradients included; every other tensor that it uses becomes a constant. Shapes are those given, so the number of pictures is fixed.
 * @param compute - a pure function, called once
 * @returns its results, in their order
 * @throws ImIadError IM_IAD_E_ONNX_ENGINE when the engine is another than `onnxruntime`, or an operation is left to the cpu
 */
export function traceComputation(
  tf: TensorEngine,
  graph: EmbeddingWriter,
  inputs: Readonly<Record<string, TracedInput>>,
  compute: (inputs: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>,
): readonly GraphValue[] {
  let names: readonly string[] = []
  const examples = Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, tf.zeros([...shape])]))
  try {
    const model = exportOnnx((given) => {
      const results = compute(given)
      names = Object.keys(results)
      return results
    }, examples)
    const values = Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value]))
    return graph.embed(model, values, names)
  } finally {
    tf.dispose(Object.values(examples))
  }
}
