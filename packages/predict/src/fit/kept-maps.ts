import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeNpy, type FloatMap } from '@im-iad/images'

/** Maps of the pictures that people will want to look at: all bad ones, and the highest-scoring good ones. */
export interface KeptMaps {
  readonly keepBad: (id: string, map: FloatMap) => Promise<void>
  readonly offerGood: (id: string, score: number, map: FloatMap) => void
  /** Writes what is left and tells where everything is. */
  readonly finish: () => Promise<Readonly<Record<string, string>>>
}

export function keepMaps(directory: string, most: number): KeptMaps {
  const files: Record<string, string> = {}
  let good: { readonly id: string; readonly score: number; readonly map: FloatMap }[] = []
  let written = 0
  const write = async (id: string, map: FloatMap): Promise<void> => {
    const file = join(directory, `map-${written++}.npy`)
    await writeFile(file, encodeNpy(map))
    files[id] = file
  }
  return {
    keepBad: (id, map) => (most === 0 ? Promise.resolve() : write(id, map)),
    offerGood(id, score, map) {
      if (most === 0) return
      good = [...good, { id, score, map }].toSorted((a, b) => b.score - a.score).slice(0, most)
    },
    async finish() {
      for (const { id, map } of good) await write(id, map)
      return files
    },
  }
}
