import { createHash } from 'node:crypto'
import { open, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { WeightsBytes } from '@im-iad/weights'
import { diskFull } from './errors.ts'
import { writingError } from './weights-folder.ts'

const PIECE = 1 << 20

/**
 * Copies a weights file, out of its archive where it is in one, and hashes it on the way.
 * @returns its SHA-256
 * @throws ImIadError IM_IAD_E_DISK_FULL, or IM_IAD_E_WEIGHTS when it can't be written
 */
export async function copyWeights(source: WeightsBytes, target: string, signal: AbortSignal): Promise<string> {
  const status = await statfs(dirname(target)).catch(() => null)
  const free = status === null ? Infinity : status.bavail * status.bsize
  if (free < source.size) throw diskFull(dirname(target), source.size, free)
  const hash = createHash('sha256')
  try {
    const file = await open(target, 'wx')
    try {
      for (let position = 0; position < source.size; position += PIECE) {
        signal.throwIfAborted()
        const bytes = await source.read(position, Math.min(PIECE, source.size - position))
        hash.update(bytes)
        await file.writeFile(bytes)
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw writingError(error, target)
  }
  return hash.digest('hex')
}
