import { GraphBuilder } from '@im-iad/onnx'
import type { Tensor, TensorContainerObject } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { Emission } from './emit/emission.ts'
import { openBackend } from './engine-access.ts'
import { toElementType } from './lazy-backend.ts'
import { duplicateName, wrongBackend } from './errors.ts'
import { BACKEND_NAME } from './recording/recorder.ts'
import { assignLayouts } from './plan/assign-layouts.ts'
import { emit } from './plan/emit-model.ts'
import { lowerGraph } from './plan/lower-graph.ts'
import { collectPending } from './plan/pending-graph.ts'

/** Tensors by the names that the model gives them. */
export type NamedTensors = Readonly<Record<string, Tensor>>

export interface ExportOptions {
  /** The graph's name in the file. */
  readonly name?: string
}

/**
 * Writes a function of tensors as a self-contained ONNX model: its trace on examples of the inputs, with every other tensor it uses (weights) inside. Standard operators only,
 * operator set 18; the shapes are those of the examples. Nothing is computed. Runs with the backend `onnxruntime` selected.
 *
 *     const bytes = exportOnnx(({ image }) => ({ score: score(image) }), { image: tf.zeros([1, 256, 256, 3]) })
 *
 * @param compute - a pure function; the names of what it returns become those of the outputs
 * @param exampleInputs - their names, shapes and types become those of the inputs
 * @throws ImIadError IM_IAD_E_ONNX_ENGINE when another backend is selected, a name stands for an input and an output, or a kernel runs on tfjs `cpu`
 */
export function exportOnnx(
  compute: (inputs: NamedTensors) => NamedTensors,
  exampleInputs: NamedTensors,
  { name = 'im-iad' }: ExportOptions = {},
): Uint8Array {
  if (tf.getBackend() !== BACKEND_NAME) throw wrongBackend(tf.getBackend())
  const backend = openBackend()
  const placeholders = Object.fromEntries(Object.entries(exampleInputs).map(([key, { shape, dtype }]) => [key, tf.zeros(shape, dtype)]))
  const results = tf.tidy(() => ({ ...compute(placeholders) }) as TensorContainerObject) as unknown as NamedTensors
  try {
    const leaves = new Map(Object.entries(placeholders).map(([key, { dataId }]) => [backend.valueOf(dataId), key]))
    const outputs = Object.entries(results)
    const both = outputs.find(([key]) => key in placeholders)
    if (both !== undefined) throw duplicateName(both[0])
    const pending = collectPending(
      outputs.map(([, { dataId }]) => backend.valueOf(dataId)),
      false,
    )
    const graph = lowerGraph(pending, (leaf) => (leaves.has(leaf) ? 'data' : 'constant'))
    const builder = new GraphBuilder(name)
    // Inputs that the function does not use are declared all the same: whoever runs the model gives them.
    const inputs = new Map(
      Object.entries(placeholders).map(([key, { shape, dtype }]) => [key, builder.input(key, shape, toElementType(dtype))]),
    )
    const emission = new Emission(builder, assignLayouts(graph.live, graph.outputs), graph.live, true)
    for (const ir of graph.live) {
      if (ir.op === 'Constant') continue
      const input = ir.op === 'Leaf' ? inputs.get(leaves.get(pending.leaves[Number(ir.attributes['index'])]) ?? '') : undefined
      if (input !== undefined) emission.put(ir, 'logical', input)
      else emit(emission, ir)
    }
    for (const [index, [key]] of outputs.entries()) {
      const ir = graph.outputs[index]
      builder.output(key, emission.get(ir, 'logical'), ir.shape, ir.dtype)
    }
    return builder.build()
  } finally {
    tf.dispose([...Object.values(placeholders), ...Object.values(results)])
  }
}
