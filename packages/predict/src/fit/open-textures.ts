import { join } from 'node:path'
import { homeDirectory, type AlgorithmPlugin } from '@im-iad/core'
import { openFileHashes, textureFingerprint } from '@im-iad/core/machinery'

/** A user's folder of textures. */
export interface TextureSet {
  /** Absolute. */
  readonly directory: string
  /** Over names and contents of its files: what a run has in an experiment's hash for the same folder. */
  readonly sha256: string
}

/** @throws ImIadError IM_IAD_E_TEXTURES when there is no such folder, no file in it, or one can't be read */
export async function openTextures(directory: string): Promise<TextureSet> {
  const hashes = await openFileHashes(join(homeDirectory(), 'cache'), directory)
  const sha256 = await textureFingerprint(directory, hashes)
  await hashes.save()
  return { directory, sha256 }
}

/** The textures that an algorithm gets: none where it says that it uses none. */
export function texturesOf({ needs }: AlgorithmPlugin, textures: TextureSet | null | undefined): TextureSet | null {
  return needs.textures === true ? (textures ?? null) : null
}
