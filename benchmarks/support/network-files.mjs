import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { heInitialization, residualParameters } from '@im-iad/nn'
import { writeSafetensors } from '@im-iad/weights'
import { mulberry32 } from './random-maps.mjs'

/** Random weights of a network, and pictures, in files that every competitor reads: `weights` in PyTorch's layout, `images` `[count, 256, 256, 3]`. */
export async function writeNetworkFiles(architecture, through, counts) {
  const folder = await mkdtemp(join(tmpdir(), 'im-iad-bench-'))
  const uniform = mulberry32(11)
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const weights = join(folder, 'weights.safetensors')
  await writeSafetensors(weights, Object.fromEntries(heInitialization(residualParameters(architecture, through), { normal })))
  for (const count of counts) {
    const data = Float32Array.from({ length: count * 256 * 256 * 3 }, normal)
    await writeSafetensors(join(folder, `images-${count}.safetensors`), { images: { shape: [count, 256, 256, 3], data } })
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
