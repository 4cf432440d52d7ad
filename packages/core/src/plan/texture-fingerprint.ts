import { join } from 'node:path'
import { listFolder } from '../dataset-files/list-folder.ts'
import { sha256, type FileHashes } from '../dataset/file-hashes.ts'

/**
 * What stands for the user's textures in the hash of an experiment: the SHA-256 over names and hashes of all files in the folder and below it. The same folder elsewhere has the same; one that is not
 * there is as good as an empty one, which the algorithm refuses.
 */
export async function textureFingerprint(directory: string, hashes: FileHashes): Promise<string> {
  return sha256((await hashLines(directory, '', hashes)).join('\n'))
}

async function hashLines(folder: string, prefix: string, hashes: FileHashes): Promise<readonly string[]> {
  const { files, folders } = (await listFolder(folder)) ?? { files: [], folders: [] }
  const lines: string[] = []
  for (const name of files) lines.push(`${prefix}${name} ${await hashes.hash(join(folder, name))}`)
  for (const name of folders) lines.push(...(await hashLines(join(folder, name), `${prefix}${name}/`, hashes)))
  return lines
}
