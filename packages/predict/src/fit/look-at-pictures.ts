import { readPicture, type FingerprintedSample } from '@im-iad/core/machinery'
import pLimit from 'p-limit'
import { thumbnailOf } from './near-duplicates.ts'

/** A picture that could be decoded. */
export interface SeenPicture {
  readonly picture: FingerprintedSample
  readonly thumbnail: Float32Array
}

export interface SeenPictures {
  /** In their order. */
  readonly readable: readonly SeenPicture[]
  /** Why others were left out, a sentence each. */
  readonly unreadable: readonly string[]
}

const DECODED_AT_ONCE = 4

/** Decodes every picture once: finds the unreadable before hours of work, and makes the thumbnails that near-duplicates are found by. */
export async function lookAtPictures(
  pictures: readonly FingerprintedSample[],
  onSeen: () => void,
  signal: AbortSignal,
): Promise<SeenPictures> {
  const limit = pLimit(DECODED_AT_ONCE)
  const unreadable: string[] = []
  const look = async (picture: FingerprintedSample): Promise<SeenPicture | null> => {
    signal.throwIfAborted()
    try {
      const { sample, facts, maskFingerprints } = picture
      return { picture, thumbnail: thumbnailOf(await readPicture({ sample, sha256: facts.sha256, maskFingerprints })) }
    } catch (error) {
      unreadable.push(error instanceof Error ? error.message : String(error))
      return null
    } finally {
      onSeen()
    }
  }
  const seen = await Promise.all(pictures.map((picture) => limit(() => look(picture))))
  return { readable: seen.filter((one) => one !== null), unreadable }
}
