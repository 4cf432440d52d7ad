import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GraphBuilder, type Dimension } from '@im-iad/onnx'

export interface ToyModel {
  readonly batch?: Dimension
  readonly channels?: number
  readonly pools?: readonly number[]
  readonly layout?: 'NCHW' | 'NHWC'
  readonly logits?: boolean
  readonly secondInput?: boolean
}

/** A model whose levels are mean pools of the picture itself, so that features are known. */
function toyModel({
  batch = 'batch',
  channels = 3,
  pools = [4, 8],
  layout = 'NCHW',
  logits = false,
  secondInput = false,
}: ToyModel): Uint8Array {
  const graph = new GraphBuilder('toy')
  const image = graph.input('image', layout === 'NCHW' ? [batch, channels, 'h', 'w'] : [batch, 'h', 'w', channels])
  if (secondInput) graph.output('other', graph.input('second', ['n']), ['n'])
  const planes = layout === 'NCHW' ? image : graph.node('Transpose', [image], { perm: [0, 3, 1, 2] })
  for (const [index, pool] of pools.entries()) {
    const pooled = graph.node('AveragePool', [planes], { kernel_shape: [pool, pool], strides: [pool, pool] })
    graph.output(`pool${index}`, layout === 'NCHW' ? pooled : graph.node('Transpose', [pooled], { perm: [0, 2, 3, 1] }), [
      'b',
      'c',
      'y',
      'x',
    ])
  }
  if (logits) graph.output('logits', graph.node('Flatten', [graph.node('GlobalAveragePool', [planes])]), ['b', channels])
  return graph.build()
}

/** Writes a toy model, with its description beside it where there is one. */
export async function writeModel(model: ToyModel, description?: unknown): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'im-iad-onnx-')), 'toy.onnx')
  await writeFile(file, toyModel(model))
  if (description !== undefined)
    await writeFile(file.replace('.onnx', '.json'), typeof description === 'string' ? description : JSON.stringify(description))
  return file
}
