import type { ExpectedCount } from '@im-iad/core'

/** The one category: a tile is a tile, whatever its shape. */
export const CATEGORY = 'magnetic-tile'

/** One class of the publisher's: `<name>/Imgs/<picture>.jpg` with its mask `<picture>.png` beside it. */
export interface ClassFolder {
  readonly name: string
  /** `null`: the class without defects. */
  readonly defect: string | null
  /** How many pictures the publisher's copy has. */
  readonly count: number
}

export const CLASS_FOLDERS: readonly ClassFolder[] = [
  { name: 'MT_Blowhole', defect: 'Blowhole', count: 115 },
  { name: 'MT_Break', defect: 'Break', count: 85 },
  { name: 'MT_Crack', defect: 'Crack', count: 57 },
  { name: 'MT_Fray', defect: 'Fray', count: 32 },
  { name: 'MT_Free', defect: null, count: 952 },
  { name: 'MT_Uneven', defect: 'Uneven', count: 103 },
]

const NORMAL: number = total(CLASS_FOLDERS.filter((folder) => folder.defect === null))
const ANOMALOUS: number = total(CLASS_FOLDERS.filter((folder) => folder.defect !== null))

export const PUBLISHED_COUNTS: readonly ExpectedCount[] = [
  { category: CATEGORY, label: 'normal', count: NORMAL },
  { category: CATEGORY, label: 'anomalous', count: ANOMALOUS },
]

function total(folders: readonly ClassFolder[]): number {
  return folders.reduce((sum, folder) => sum + folder.count, 0)
}
