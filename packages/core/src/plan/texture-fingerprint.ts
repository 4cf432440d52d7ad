import { join } from 'node:path'
import { listFolder } from '../dataset-files/list-folder.ts'
import { sha256, type FileHashes } from '../dataset/file-hashes.ts'
import { emptyTextures, missingTextures, unreadableTextures } from '../errors/texture-errors.ts'

/**
 * What stands for the user's textures: the SHA-256 over names and hashes of all files in the folder and below it. The same folder elsewhere has the same. Whether the files are pictures is the
 * algorithm's to find out.
 * @throws ImIadError IM_IAD_E_TEXTURES when there is no such folder, no file in it, or one can't be read
 */
export async function textureFingerprint(directory: string, hashes: FileHashes): Promise<string> {
  let lines: readonly string[] | null
  try {
    lines = await hashLines(directory, '', hashes)
  } catch (error) {
    throw unreadableTextures(directory, error)
  }
  if (lines === null) throw missingTextures(directory)
  if (lines.length === 0) throw emptyTextures(directory)
  return sha256(lines.join('\n'))
}

/** `null` when there is no such folder. */
async function hashLines(folder: string, prefix: string, hashes: FileHashes): Promise<readonly string[] | null> {
  const listing = await listFolder(folder)
  if (listing === null) return null
  const lines: string[] = []
  for (const name of listing.files) lines.push(`${prefix}${name} ${await hashes.hash(join(folder, name))}`)
  for (const name of listing.folders) lines.push(...((await hashLines(join(folder, name), `${prefix}${name}/`, hashes)) ?? []))
  return lines
}
