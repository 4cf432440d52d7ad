import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from './im-iad.ts'

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** Bytes that do not compress and never repeat: a linear congruential generator (Numerical Recipes, 7.1). */
export function noise(length: number, seed: number = 1): Uint8Array {
  let state = seed
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

/** A package of backbones whose weights are published; `weights` as the contract has it, without its kind. */
export async function backbonePackage(backbones: Readonly<Record<string, object>>): Promise<string> {
  const directory = join(await temporaryFolder(), 'toy-backbones')
  await mkdir(directory)
  const provides = Object.keys(backbones).map((id) => ({ kind: 'backbone', id, entry: './index.js' }))
  await writeFile(
    join(directory, 'package.json'),
    JSON.stringify({ name: 'toy-backbones', version: '1.0.0', type: 'module', imIad: { contract: 1, provides } }),
  )
  const plugins = Object.entries(backbones).map(([id, weights]) => ({
    kind: 'backbone',
    contract: 1,
    id,
    revision: 1,
    title: 'Toy',
    citation: 'none',
    license: 'MIT',
    normalization: { mean: [0, 0, 0], std: [1, 1, 1] },
    levels: [],
    weights: { kind: 'download', license: 'Apache-2.0', trainedOn: 'nothing', ...weights },
  }))
  await writeFile(join(directory, 'index.js'), `export default ${JSON.stringify(plugins)}.map((plugin) => ({ ...plugin, open() {} }))\n`)
  return directory
}
