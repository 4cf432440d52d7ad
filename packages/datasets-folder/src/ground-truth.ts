import { join } from 'node:path'
import type { MaskSource } from '@im-iad/core'
import { findPictures, withoutExtension } from './find-pictures.ts'

/** The masks below a `ground_truth` folder, which mirrors the folders of the pictures. */
export interface GroundTruth {
  /** The mask of a picture: `<picture>.png` or `<picture>_mask.png`, of any picture format. @param picture - its path from the mirrored folder, with `/` */
  maskOf(picture: string): MaskSource | undefined
  /** How many masks no picture has asked for. */
  unused(): number
}

/** @param folder - absolute; without such a folder there are no masks */
export async function readGroundTruth(folder: string): Promise<GroundTruth> {
  const { pictures } = await findPictures(folder)
  const files = new Map(pictures.map((file) => [withoutExtension(file), file]))
  const used = new Set<string>()
  return {
    maskOf(picture) {
      const name = withoutExtension(picture)
      const file = files.get(name) ?? files.get(`${name}_mask`)
      if (file === undefined) return undefined
      used.add(file)
      return { image: { kind: 'file', path: join(folder, file) } }
    },
    unused: () => files.size - used.size,
  }
}
