import { readFile, rename, writeFile } from 'node:fs/promises'
import type { CheckpointStore } from '@im-iad/nn'

/** A training's checkpoint in one file, replaced atomically. */
export function checkpointFile(path: string): CheckpointStore {
  return {
    load: () =>
      readFile(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      }),
    async save(bytes) {
      await writeFile(`${path}.partial`, bytes)
      await rename(`${path}.partial`, path)
    },
  }
}
