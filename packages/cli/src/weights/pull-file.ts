import { join } from 'node:path'
import type { Dispatcher } from 'undici'
import { downloadFile, type DownloadRequest } from './download/download-file.ts'
import { partialFile } from './download/partial-file.ts'
import { shownUrl } from './download-url.ts'
import { wrongBytes } from './errors.ts'
import { lockFile } from './file-lock.ts'
import { hashFile, makeFolder, partialOf, placeFile, removePartial, sizeOf } from './weights-folder.ts'

export interface PullRequest extends Pick<DownloadRequest, 'signal' | 'stallMilliseconds' | 'onProgress' | 'onNote' | 'sleep'> {
  readonly folder: string
  readonly file: string
  readonly sha256: string
  readonly size: number | null
  readonly url: URL
  readonly dispatcher: Dispatcher
}

export interface PulledFile {
  /** `present`: it was there already, with the published hash. */
  readonly status: 'pulled' | 'present'
  readonly path: string
  readonly size: number
}

/** As long as another command may take to download the same file. */
const PATIENCE = 3_600_000
/** Downloads of the whole file, where its pieces do not fit together. */
const ROUNDS = 3

/**
 * Brings one published file into the folder: whole, with the published hash, or not at all.
 * @throws ImIadError as {@link downloadFile} does; IM_IAD_E_WEIGHTS when other bytes came
 */
export async function pullFile(request: PullRequest): Promise<PulledFile> {
  const { folder, file, sha256, signal, onNote } = request
  const path = join(folder, file)
  await makeFolder(folder)
  const unlock = await lockFile(path, {
    signal,
    onWait: (holder) => onNote(`${holder} is at work on this file; waiting for it`),
    patienceMilliseconds: PATIENCE,
  })
  try {
    const size = await sizeOf(path)
    if (size !== null && (await hashFile(path, signal)) === sha256) return { status: 'present', path, size }
    if (size !== null) onNote(`${path} is not the published file; it is replaced once the right one is here`)
    await downloadVerified(request, path)
    const origin = { sha256, from: shownUrl(request.url), member: null, at: new Date().toISOString() }
    await placeFile(partialOf(path), path, origin)
    await removePartial(path)
    return { status: 'pulled', path, size: (await sizeOf(path)) ?? 0 }
  } finally {
    await unlock()
  }
}

/** Bytes from several tries may be of two files: where the hash is wrong, all of it is downloaded once more in one go. */
async function downloadVerified(request: PullRequest, path: string): Promise<void> {
  const { sha256, url, onNote, signal } = request
  const partial = partialFile(partialOf(path))
  let resumed = (await partial.size()) > 0
  for (let round = 1; ; round++) {
    await downloadFile({
      ...request,
      partial,
      onNote(line) {
        resumed = true
        onNote(line)
      },
    })
    const actual = await hashFile(partial.path, signal)
    if (actual === sha256) return
    await partial.remove()
    if (!resumed || round === ROUNDS) throw wrongBytes(shownUrl(url), sha256, actual)
    resumed = false
    onNote('the pieces do not fit together: the file has changed between tries; starting anew')
  }
}
