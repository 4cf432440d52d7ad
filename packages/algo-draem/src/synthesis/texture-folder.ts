import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { decodeImage, type PixelImage } from '@im-iad/images'
import { isImIadError } from '@im-iad/core'
import { emptyTextureFolder, unreadableTextures } from '../errors.ts'

/** The user's pictures of textures, checked. */
export interface TextureFolder {
  readonly count: number
  /** SHA-256 over the contents of all files in their order: the same folder elsewhere has the same. */
  readonly fingerprint: string
  read(index: number): Promise<PixelImage>
}

const EXTENSIONS: ReadonlySet<string> = new Set(['.jpg', '.jpeg', '.png', '.bmp', '.tif', '.tiff', '.webp'])

/**
 * Finds the pictures in a folder and below it, in the order of their paths, and decodes each once: a file that can't be read is said before hours of training, not within them.
 * @throws ImIadError IM_IAD_E_TEXTURES when there is none, or when some can't be read
 */
export async function openTextureFolder(directory: string, signal: AbortSignal): Promise<TextureFolder> {
  const files = await listPictures(directory)
  if (files.length === 0) throw emptyTextureFolder(directory)
  const hash = createHash('sha256')
  const unreadable: string[] = []
  for (const file of files) {
    signal.throwIfAborted()
    const bytes = await readFile(file).catch(() => new Uint8Array(0))
    hash.update(createHash('sha256').update(bytes).digest())
    await decodeImage(bytes, file).catch((error: unknown) => {
      if (!isImIadError(error)) throw error
      unreadable.push(file)
    })
  }
  if (unreadable.length > 0) throw unreadableTextures(directory, unreadable)
  return {
    count: files.length,
    fingerprint: hash.digest('hex'),
    async read(index) {
      const file = files[index]
      return decodeImage(await readFile(file), file)
    },
  }
}

async function listPictures(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && EXTENSIONS.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
