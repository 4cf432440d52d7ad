import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve, sep } from 'node:path'
import type { BackbonePlugin } from '../contracts/backbone.ts'
import { sha256, type FileHashes } from '../dataset/file-hashes.ts'
import type { DiscoveredPlugin } from '../discovery/discovered-plugin.ts'
import {
  damagedWeights,
  missingBackboneFile,
  missingWeights,
  unknownBackbone,
  unnamedBackboneFile,
  unsupportedBackboneFile,
} from '../errors/backbone-errors.ts'
import { loadPlugin, type Registry } from '../registry/registry.ts'
import type { BackboneLocation } from '../runner/job.ts'
import { pluginLocation } from '../store/plugin-location.ts'
import type { HashedBackbone } from '../store/record.ts'

/** A backbone that was found: how to open it, and what of it goes into the hash. */
export interface LocatedBackbone {
  readonly location: BackboneLocation
  readonly hashed: Omit<HashedBackbone, 'parameter'>
}

export interface BackboneSearch {
  readonly registry: Registry
  readonly homeDirectory: string
  readonly hashes: FileHashes
}

/** Who asks for a backbone, for messages. */
export interface AskedBackbone {
  /** A plugin's id, or the path of a file. */
  readonly reference: string
  readonly algorithm: string
  /** The algorithm's parameter that holds the reference. */
  readonly parameter: string
}

/**
 * Finds what an algorithm's backbone parameter names: a plugin's id, or the path of a file that a backbone plugin can open (`.onnx`).
 * @throws ImIadError IM_IAD_E_BACKBONE or IM_IAD_E_WEIGHTS with the remedies; a backbone is never replaced by another
 */
export async function locateBackbone(asked: AskedBackbone, search: BackboneSearch): Promise<LocatedBackbone> {
  const installed = search.registry.list('backbone')
  const isInstalled = installed.some((plugin) => plugin.id === asked.reference || `${plugin.package}/${plugin.id}` === asked.reference)
  if (!isInstalled && looksLikePath(asked.reference)) return locateFile(asked, installed, search)
  if (!isInstalled) {
    throw unknownBackbone(
      asked,
      installed.map((plugin) => plugin.id),
    )
  }
  const found = search.registry.find('backbone', asked.reference)
  return locatePlugin(found, await loadPlugin({ ...found, kind: 'backbone' }), asked, search)
}

function looksLikePath(reference: string): boolean {
  return extname(reference) !== '' || reference.startsWith('.') || reference.startsWith(sep)
}

async function locateFile(asked: AskedBackbone, installed: readonly DiscoveredPlugin[], search: BackboneSearch): Promise<LocatedBackbone> {
  const path = resolve(asked.reference)
  const broken: unknown[] = []
  for (const found of installed) {
    const plugin = await loadPlugin({ ...found, kind: 'backbone' }).catch((error: unknown) => void broken.push(error))
    if (plugin === undefined) continue
    const { revision, weights } = plugin
    if (weights.kind !== 'file' || !weights.extensions.some((extension) => extension === extname(path).toLowerCase())) continue
    if (!(await isFile(path))) throw missingBackboneFile({ ...asked, reference: path })
    return {
      location: { plugin: pluginLocation(found), weightsFile: path },
      hashed: { name: basename(path), revision, sha256: await fingerprintFiles(path, weights.companions, search.hashes) },
    }
  }
  throw unsupportedBackboneFile({ ...asked, reference: path }, broken)
}

/** What of a backbone's weights goes into the hash: `null` for a formula. */
export async function weightsFingerprint(
  { weights }: BackbonePlugin,
  weightsFile: string | null,
  hashes: FileHashes,
): Promise<string | null> {
  if (weights.kind === 'packaged') return weights.sha256
  if (weightsFile === null) return null
  return fingerprintFiles(weightsFile, weights.kind === 'file' ? weights.companions : [], hashes)
}

/** SHA-256 of a file; where companions lie beside it, of the list of all their hashes. */
async function fingerprintFiles(path: string, companions: readonly string[], hashes: FileHashes): Promise<string> {
  const own = await hashes.hash(path)
  const beside = companions.map((extension) => join(dirname(path), basename(path, extname(path)) + extension))
  const present: string[] = []
  for (const companion of beside) if (await isFile(companion)) present.push(await hashes.hash(companion))
  return present.length === 0 ? own : sha256([own, ...present].join('\n'))
}

async function locatePlugin(
  found: DiscoveredPlugin,
  plugin: BackbonePlugin,
  asked: AskedBackbone,
  search: BackboneSearch,
): Promise<LocatedBackbone> {
  const { weights } = plugin
  const located = (weightsFile: string | null, fingerprint: string | null): LocatedBackbone => ({
    location: { plugin: pluginLocation(found), weightsFile },
    // As it was asked for: `package/id` where two packages provide the id.
    hashed: { name: asked.reference, revision: plugin.revision, sha256: fingerprint },
  })
  switch (weights.kind) {
    case 'formula':
      return located(null, null)
    case 'packaged':
      return located(null, weights.sha256)
    case 'file':
      throw unnamedBackboneFile(asked, weights.extensions)
    case 'download': {
      const folder = join(search.homeDirectory, 'weights')
      for (const { file: name, sha256: published } of [weights, ...(weights.alternatives ?? [])]) {
        const file = join(folder, name)
        if (!(await isFile(file))) continue
        const actual = await search.hashes.hash(file)
        if (actual !== published) throw damagedWeights(asked, file, published, actual)
        return located(file, actual)
      }
      throw missingWeights(asked, join(folder, weights.file), weights.url)
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
