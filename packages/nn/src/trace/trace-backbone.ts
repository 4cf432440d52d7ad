import { exportOnnx } from '@im-iad/tfjs-onnxruntime'
import type { NamedTensor } from '@im-iad/weights'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { BackboneDefinition } from '../backbones/backbone-definition.ts'
import { createBackboneNetwork } from '../backbones/create-backbone-network.ts'
import { deepestLevel } from '../backbones/wanted-levels.ts'
import { openTensorEngine } from '../engines/open-engine.ts'
import type { NetworkLevel } from '../networks/feature-network.ts'
import type { GraphValue, ModelGraphWriter } from './graph-writer.ts'
import type { TracedLevel } from './traced-patches.ts'

/** Structurally core's TracedFeatures. */
export interface TracedBackbone {
  readonly levels: readonly TracedLevel[]
  readonly batch: null
}

/** What is traced. */
export interface BackboneTrace {
  readonly definition: BackboneDefinition
  readonly weights: ReadonlyMap<string, NamedTensor>
  readonly wanted: readonly NetworkLevel[]
  readonly threads: number
}

const IMAGES = 'images'

/**
 * The frozen network inside a graph, behind its normalisation: the trace of its own code, batch normalisation folded into the convolutions. The trace is made by the `onnxruntime` engine whichever is in use.
 * Nothing in it depends on the number of pictures.
 */
export async function traceBackbone(
  graph: ModelGraphWriter,
  { value, height, width }: { readonly value: GraphValue; readonly height: number; readonly width: number },
  { definition, weights, wanted, threads }: BackboneTrace,
): Promise<TracedBackbone> {
  const tf = await openTensorEngine({ engine: 'onnxruntime', threads })
  try {
    const network = createBackboneNetwork(tf, definition, deepestLevel(wanted).name, { weights, use: 'folded' })
    const example = tf.zeros([1, 3, height, width])
    const sizes = new Map<string, readonly number[]>()
    const model = exportOnnx(
      ({ [IMAGES]: images }) => {
        const features = network.forward(tf.transpose(images as Tensor4D, [0, 2, 3, 1]), 'inference')
        const named = network.levels.map(({ name }, index): [string, Tensor4D] => [name, features[index]])
        const outputs = named.filter(([name]) => wanted.some((level) => level.name === name))
        for (const [name, { shape }] of outputs) sizes.set(name, shape)
        return Object.fromEntries(outputs)
      },
      { [IMAGES]: example },
    )
    tf.dispose(example)
    network.dispose()
    const { mean, std } = definition.architecture.normalization
    // By planes: ONNX Runtime is slow where an operand changes with every element.
    const planes = graph.node('Transpose', [value], { perm: [0, 3, 1, 2] })
    const perPlane = (values: readonly number[]): GraphValue => graph.constant(Float32Array.from(values), [3, 1, 1])
    const normalized = graph.node('Div', [graph.node('Sub', [planes, perPlane(mean)]), perPlane(std)])
    const values = graph.embed(
      model,
      { [IMAGES]: normalized },
      wanted.map(({ name }) => name),
    )
    return { levels: wanted.map((level, index) => tracedLevel(level, sizes.get(level.name), values[index])), batch: null }
  } finally {
    await openTensorEngine({ threads })
  }
}

function tracedLevel({ channels }: NetworkLevel, size: readonly number[] | undefined, value: GraphValue): TracedLevel {
  if (size === undefined) throw new RangeError('every level was traced')
  return { channels, height: size[1], width: size[2], value }
}
