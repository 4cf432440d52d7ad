import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { encodePng, overlay, readImage, type FloatMap } from '@im-iad/images'
import type { ModelDescription } from '@im-iad/predict'

/** Writes heat over the picture, in its own size. One model colours all pictures by the same values, so that they can be compared. */
export async function writeHeatMap(
  picture: string,
  map: FloatMap,
  range: NonNullable<ModelDescription['heat']>,
  file: string,
): Promise<void> {
  const heat = overlay(await readImage(picture), map, { range })
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, await encodePng(heat))
}
