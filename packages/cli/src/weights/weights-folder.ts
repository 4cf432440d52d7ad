import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { homeDirectory } from '@im-iad/core'
import { diskFull, unwritableWeights } from './errors.ts'

/** Where a cached file came from; lies beside it as `<file>.origin.json`, for people and `im-iad weights list`. Nothing depends on it. */
export interface Origin {
  readonly sha256: string
  /** A URL without its secrets, or a path. */
  readonly from: string
  /** In the archive that it came in, or `null`. */
  readonly member: string | null
  readonly at: string
}

const ORIGIN = '.origin.json'

/** `IM_IAD_HOME/weights`, where backbones look. */
export function weightsFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return join(homeDirectory(environment), 'weights')
}

/** The weights files there, by name; what belongs to downloads and records is left out. */
export async function weightsFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && !/(\.origin\.json|\.partial|\.partial\.json|\.lock(\.\w+)?|^\..*)$/.test(entry.name))
    .map((entry) => entry.name)
    .filter((name, _index, all) => !isCompanion(name, all))
    .sort()
}

/** `x.json` beside `x.onnx` describes that file's input. */
function isCompanion(name: string, all: readonly string[]): boolean {
  return name.endsWith('.json') && all.includes(name.replace(/\.json$/, '.onnx'))
}

export async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  )
}

/** SHA-256 of a file in lower-case hexadecimal, streamed. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash, ...(signal === undefined ? [] : [{ signal }]))
  return hash.digest('hex')
}

/** Makes the folder. @throws ImIadError IM_IAD_E_WEIGHTS */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: Error) => {
    throw unwritableWeights(folder, error)
  })
}

/** Puts a finished, verified file in its place in one step, so that readers see the old one or the new one, whole. */
export async function placeFile(temporary: string, target: string, origin: Origin): Promise<void> {
  const file = await open(temporary, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, target)
  await writeFile(`${target}${ORIGIN}`, `${JSON.stringify(origin, null, 2)}\n`).catch(() => undefined)
}

/** What is known of a cached file, or `null`. */
export async function readOrigin(path: string): Promise<Origin | null> {
  const text = await readFile(`${path}${ORIGIN}`, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    const { sha256, from, member = null, at }: Partial<Origin> = JSON.parse(text)
    return typeof sha256 === 'string' && typeof from === 'string' && typeof at === 'string' ? { sha256, from, member, at } : null
  } catch {
    return null
  }
}

/** An error of the file system, as ours. */
export function writingError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return diskFull(dirname(path), null, null)
  return ['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'EFBIG', 'EIO'].includes(String(error.code))
    ? unwritableWeights(path, error)
    : error
}

/** Removes what a stopped command left of one file. */
export async function removePartial(target: string): Promise<void> {
  for (const path of [partialOf(target), `${partialOf(target)}.json`]) await rm(path, { force: true })
}

/** Where a download collects its bytes: beside the target, so that placing it is a rename. */
export function partialOf(target: string): string {
  return join(dirname(target), `${basename(target)}.partial`)
}
