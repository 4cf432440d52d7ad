import { join } from 'node:path'
import type { PublishedWeights } from './published-weights.ts'
import { partialOf, readOrigin, sizeOf, weightsFiles, type Origin } from './weights-folder.ts'

/** A file in the cache, or one that a backbone would have there. */
export interface CachedWeights {
  /** `null`: no installed backbone publishes it. */
  readonly backbone: string | null
  readonly package: string | null
  readonly file: string
  readonly path: string
  /** `partial`: a download was stopped and goes on with the next pull. */
  readonly status: 'cached' | 'partial' | 'missing'
  /** Of the file; where it is missing the published size, if that is known. */
  readonly size: number | null
  /** The published hash, or that of when the file was put there; `null` where nobody noted one. */
  readonly sha256: string | null
  readonly license: string | null
  readonly trainedOn: string | null
  readonly revision: string | null
  readonly parameterNames: string | null
  readonly url: string | null
  readonly origin: Origin | null
}

/** The installed backbones' weights, and what else lies in the folder. Files are not read: `verify` does that. */
export async function cachedWeights(folder: string, published: readonly PublishedWeights[]): Promise<readonly CachedWeights[]> {
  const files = await weightsFiles(folder)
  const known = new Set(published.flatMap(({ accepted }) => accepted.map(({ file }) => file)))
  const listed: CachedWeights[] = []
  for (const one of published) {
    const present = one.accepted.filter(({ file }) => files.includes(file))
    for (const { file, sha256 } of present.length > 0 ? present : one.accepted.slice(0, 1))
      listed.push(await publishedRow(folder, one, file, sha256))
  }
  for (const file of files) if (!known.has(file)) listed.push(await otherRow(folder, file))
  return listed
}

async function publishedRow(
  folder: string,
  { backbone, package: name, source }: PublishedWeights,
  file: string,
  sha256: string,
): Promise<CachedWeights> {
  const path = join(folder, file)
  const size = await sizeOf(path)
  const { license, trainedOn, url, revision = null } = source
  const parameterNames = source.alternatives?.find((other) => other.file === file)?.parameterNames ?? source.parameterNames ?? null
  return {
    backbone,
    package: name,
    file,
    path,
    status: size !== null ? 'cached' : (await sizeOf(partialOf(path))) === null ? 'missing' : 'partial',
    size: size ?? source.size ?? null,
    sha256,
    license,
    trainedOn,
    revision,
    parameterNames,
    url,
    origin: await readOrigin(path),
  }
}

async function otherRow(folder: string, file: string): Promise<CachedWeights> {
  const path = join(folder, file)
  const origin = await readOrigin(path)
  return {
    backbone: null,
    package: null,
    file,
    path,
    status: 'cached',
    size: await sizeOf(path),
    sha256: origin?.sha256 ?? null,
    license: null,
    trainedOn: null,
    revision: null,
    parameterNames: null,
    url: null,
    origin,
  }
}
