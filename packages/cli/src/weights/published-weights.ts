import { isImIadError, loadPlugin, type BackbonePlugin, type DiscoveredPlugin, type Registry, type WeightsSource } from '@im-iad/core'
import { malformedSource, nothingToDownload } from './errors.ts'

/** The registry's entry of weights that are published somewhere. */
export type DownloadSource = Extract<WeightsSource, { readonly kind: 'download' }>

/** A file that a backbone accepts, with the hash that it must have. */
export interface AcceptedFile {
  readonly file: string
  readonly sha256: string
}

/** A backbone whose weights are published. */
export interface PublishedWeights {
  readonly backbone: string
  readonly package: string
  readonly version: string
  readonly source: DownloadSource
  /** The published file first, then those that are as good. */
  readonly accepted: readonly [AcceptedFile, ...AcceptedFile[]]
}

/** All installed backbones whose weights are downloaded; one that can't be loaded is told to `onProblem` and left out. */
export async function allPublishedWeights(registry: Registry, onProblem: (error: Error) => void): Promise<readonly PublishedWeights[]> {
  const published: PublishedWeights[] = []
  for (const found of registry.list('backbone')) {
    try {
      const plugin = await loadPlugin({ ...found, kind: 'backbone' })
      if (plugin.weights.kind === 'download') published.push(publishedWeights(found, plugin.weights))
    } catch (error) {
      if (!isImIadError(error)) throw error
      onProblem(error)
    }
  }
  return published
}

/**
 * The published weights of one backbone.
 * @throws ImIadError when there is no such backbone, when it needs no download, or when what its plugin says of them is malformed
 */
export async function findPublishedWeights(registry: Registry, id: string): Promise<PublishedWeights> {
  const found = registry.find('backbone', id)
  const { weights }: BackbonePlugin = await loadPlugin({ ...found, kind: 'backbone' })
  if (weights.kind !== 'download') throw nothingToDownload(id, weights)
  return publishedWeights(found, weights)
}

function publishedWeights(found: DiscoveredPlugin, source: DownloadSource): PublishedWeights {
  const { id: backbone, package: name, version } = found
  const { alternatives = [] } = source
  if (!Array.isArray(alternatives)) throw malformedSource(backbone, name, 'its alternatives are no list')
  const [first, ...others] = [source, ...alternatives].map(({ file, sha256 }: AcceptedFile): AcceptedFile => ({ file, sha256 }))
  const accepted: PublishedWeights['accepted'] = [first ?? source, ...others]
  for (const { file, sha256 } of accepted) {
    if (!isPlainName(file)) throw malformedSource(backbone, name, `its file ${JSON.stringify(file)} is not the plain name of a file`)
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
      throw malformedSource(backbone, name, `the SHA-256 of its file "${file}" is not 64 lower-case hexadecimal digits`)
  }
  return { backbone, package: name, version, source, accepted }
}

/** A name that stays in its folder, on every platform. */
function isPlainName(file: unknown): file is string {
  return typeof file === 'string' && /^[\w][\w.+-]*$/.test(file) && !file.endsWith('.')
}
