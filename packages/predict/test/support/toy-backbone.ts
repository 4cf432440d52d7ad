import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandomSource } from '@im-iad/core'
import { GraphBuilder } from '@im-iad/onnx'
import { temporaryFolder } from './pictures.ts'

export interface ToyBackbone {
  readonly operatorSet?: number
  /** Pictures at a time; any number when absent. */
  readonly batch?: number
}

/** Writes a small convolutional feature extractor with levels of stride 4 and 8, as a user brings one, and its description. */
export async function writeToyBackbone({ operatorSet = 17, batch }: ToyBackbone = {}): Promise<string> {
  const random = createRandomSource(0, 'test').stream('weights')
  const graph = new GraphBuilder('toy-backbone', { operatorSet })
  const convolve = (planes: { readonly name: string }, from: number, to: number, stride: number): { readonly name: string } => {
    const weights = Float32Array.from({ length: from * to * 9 }, () => (random.uniform() - 0.5) / Math.sqrt(from))
    const convolved = graph.node('Conv', [planes, graph.constant(weights, [to, from, 3, 3])], {
      strides: [stride, stride],
      pads: [1, 1, 1, 1],
    })
    return graph.node('Relu', [convolved])
  }
  const count = batch ?? 'n'
  const fine = convolve(convolve(graph.input('pictures', [count, 3, 'h', 'w']), 3, 8, 2), 8, 12, 2)
  graph.output('fine', fine, [count, 12, 'h4', 'w4'])
  graph.output('coarse', convolve(fine, 12, 20, 2), [count, 20, 'h8', 'w8'])
  const folder = await temporaryFolder()
  const file = join(folder, 'toy.onnx')
  await writeFile(file, graph.build())
  await writeFile(join(folder, 'toy.json'), JSON.stringify({ mean: [120, 115, 100], std: [60, 58, 55], layout: 'NCHW' }))
  return file
}
