import { join } from 'node:path'
import {
  homeDirectory,
  loadPlugin,
  resolveDataRoot,
  resolveParameters,
  type OpenDataset,
  type PluginLocation,
  type Registry,
  type Setting,
} from '@im-iad/core'
import { dataFingerprint, fingerprintSamples, openFileHashes, pluginLocation, type FingerprintedSample } from '@im-iad/core/machinery'
import { severalCategories } from '../errors.ts'

/** How another process finds the same pictures. Plain data. */
export interface PictureSource {
  readonly dataset: PluginLocation
  readonly root: string | null
  readonly parameters: Readonly<Record<string, unknown>>
  readonly category: string
}

/** The pictures to fit to and to judge by. A published split is not kept: all good pictures may be learned from, and each is judged by models that did not. */
export interface PictureSet {
  readonly source: PictureSource
  readonly good: readonly FingerprintedSample[]
  readonly bad: readonly FingerprintedSample[]
  readonly fingerprint: string
  readonly warnings: readonly string[]
}

export interface OpenPicturesRequest {
  readonly registry: Registry
  /** A dataset's id; `folder` reads a user's own pictures. */
  readonly dataset: string
  /** The pictures' folder. */
  readonly root: string | null
  readonly category: string | null
  readonly settings: readonly Setting[]
}

/**
 * Reads names and hashes files; decodes nothing.
 * @throws ImIadError when there is no such dataset, layout or category, or several and none was named
 */
export async function openPictures(request: OpenPicturesRequest): Promise<PictureSet> {
  const found = request.registry.find('dataset', request.dataset)
  const plugin = await loadPlugin({ ...found, kind: 'dataset' })
  const root = await resolveDataRoot(plugin, request.root)
  const given = Object.fromEntries(request.settings.filter(({ owner }) => owner === plugin.id).map(({ name, text }) => [name, parse(text)]))
  // Whoever names a folder for one model means all that is in it.
  const parameters = resolveParameters({ ...plugin }, plugin.id === 'folder' ? { alone: 'normal' } : {}, given)
  const open = await plugin.open(root, parameters)
  const category = chooseCategory(open, request.category, root ?? plugin.id)
  const hashes = await openFileHashes(join(homeDirectory(), 'cache'), root ?? plugin.id)
  const samples = await fingerprintSamples(await open.samples(category), hashes)
  await hashes.save()
  return {
    source: { dataset: pluginLocation(found), root, parameters, category },
    good: samples.filter(({ sample }) => sample.label === 'normal'),
    bad: samples.filter(({ sample }) => sample.label === 'anomalous'),
    fingerprint: dataFingerprint(samples),
    warnings: open.warnings,
  }
}

function chooseCategory({ categories }: OpenDataset, wanted: string | null, root: string): string {
  if (wanted !== null) return wanted
  const [only, second] = categories
  if (only === undefined || second !== undefined) throw severalCategories(root, categories)
  return only
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
