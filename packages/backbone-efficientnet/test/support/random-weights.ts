import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandomSource, type BackbonePlugin } from '@im-iad/core'
import { writeSafetensors, type NamedTensor } from '@im-iad/weights'

/** Writes a file of random weights for a backbone, in one of its namings: its features mean nothing, but are neither constant nor without bounds. */
export async function writeRandomWeights({ id, weightShapes }: BackbonePlugin, naming: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), `im-iad-${id}-`)), `${id}.safetensors`)
  const random = createRandomSource(7, id).stream('weights')
  const shapes = weightShapes?.(naming) ?? new Map<string, readonly number[]>()
  const tensors = [...shapes].map(([name, shape]): [string, NamedTensor] => {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1))
    const spread = shape.length === 1 ? 0.1 : Math.sqrt(2 / (data.length / (shape[0] ?? 1)))
    const centre = shape.length === 1 && /(weight|running_var)$/.test(name) ? 1 : 0
    return [name, { shape, data: data.map(() => centre + spread * (2 * random.uniform() - 1)) }]
  })
  await writeSafetensors(path, new Map(tensors))
  return path
}
