import { basename, dirname, extname, join } from 'node:path'
import type { Registry } from '@im-iad/core'
import { cachedWeights, type CachedWeights } from '../weights/cached-weights.ts'
import { allPublishedWeights } from '../weights/published-weights.ts'
import { sizeOf } from '../weights/weights-folder.ts'
import type { BundleEntry } from './bundle-entries.ts'
import { weightsNotHere } from './errors.ts'

export type WeightsChoice =
  /** What is cached for backbones of these packages. */
  | { readonly kind: 'cached' }
  /** By backbone, or by the name of a file. */
  | { readonly kind: 'named'; readonly names: readonly string[] }

/** `a,b`, or `none`. */
export function parseWeightsChoice(text: string | undefined): WeightsChoice {
  if (text === undefined) return { kind: 'cached' }
  const names = text.split(',').map((name) => name.trim())
  return { kind: 'named', names: names.filter((name) => name !== '' && name !== 'none') }
}

/** Cached weights that a bundle may hold. */
export type AvailableWeights = Pick<CachedWeights, 'backbone' | 'package' | 'file' | 'path' | 'size' | 'sha256' | 'license'>

/**
 * The weights that the choice comes to. Files are not read: their hashes are compared when they are packed.
 * @throws ImIadError IM_IAD_E_WEIGHTS for one that was named and is not in the folder
 */
export async function chooseWeights(
  choice: WeightsChoice,
  folder: string,
  registry: Registry,
  onProblem: (error: Error) => void,
): Promise<readonly AvailableWeights[]> {
  if (choice.kind === 'named' && choice.names.length === 0) return []
  const rows = await cachedWeights(folder, await allPublishedWeights(registry, onProblem))
  const cached = rows.filter(({ status }) => status === 'cached')
  if (choice.kind === 'cached') return cached.filter(({ backbone }) => backbone !== null)
  return choice.names.flatMap((name) => {
    const matches = cached.filter(({ backbone, file }) => backbone === name || file === name)
    if (matches.length === 0) throw weightsNotHere(name, folder, [...new Set(cached.map(({ backbone, file }) => backbone ?? file))])
    return matches
  })
}

/** Where a bundle keeps them: its launcher makes `home` the IM_IAD_HOME of whoever has set none. With each `.onnx` goes the `.json` that describes its input. */
export async function weightsEntries(weights: readonly AvailableWeights[]): Promise<readonly BundleEntry[]> {
  const entries: BundleEntry[] = []
  for (const { file, path, sha256 } of weights) {
    entries.push({ path: `home/weights/${file}`, content: { file: path }, isExecutable: false, sha256 })
    const companion = join(dirname(path), `${basename(path, extname(path))}.json`)
    if (extname(path) === '.onnx' && (await sizeOf(companion)) !== null)
      entries.push({ path: `home/weights/${basename(companion)}`, content: { file: companion }, isExecutable: false, sha256: null })
  }
  return entries
}
