import { readFile } from 'node:fs/promises'
import type { PixelImage } from '@im-iad/images'
import type { ImageSource } from '../contracts/sample.ts'
import { sha256 } from '../dataset/file-hashes.ts'
import { sourceName } from '../dataset/sample-facts.ts'
import { changedSample, unreadableSample } from '../errors/dataset-errors.ts'

/**
 * Reads and decodes one picture, and makes sure that it is the one that was planned with.
 * @param fingerprint - the expected SHA-256 of its bytes, or `null` where only reading matters
 * @throws ImIadError IM_IAD_E_IMAGE when it can't be read or decoded, IM_IAD_E_DATA_CHANGED when its bytes changed
 */
export async function readSource(sampleId: string, source: ImageSource, fingerprint: string | null): Promise<PixelImage> {
  try {
    if (source.kind === 'pixels') return await source.read()
    const bytes = source.kind === 'file' ? await readFile(source.path) : await source.read()
    if (fingerprint !== null && sha256(bytes) !== fingerprint) throw changedSample(sampleId, sourceName(source))
    const { decodeImage } = await import('@im-iad/images')
    return await decodeImage(bytes, sourceName(source))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'IM_IAD_E_DATA_CHANGED') throw error
    throw unreadableSample(sampleId, sourceName(source), error)
  }
}
