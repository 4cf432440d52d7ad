import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodePng, type PixelImage } from '@im-iad/images'

/** Where the pictures of one layout lie, below the root. */
export interface Layout {
  readonly normal: string
  readonly tested: string
  readonly anomalous: string
  readonly masks: string
  /** Whether a manifest.csv says so. */
  readonly manifest?: boolean
}

/** How many pictures each folder has. */
const COUNT = 3

/** A folder with small pictures in a layout. */
export async function laidOut({ normal, tested, anomalous, masks, manifest = false }: Layout): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'folder-layout-'))
  const rows = ['image,label,mask']
  for (const [place, folder] of [normal, tested, anomalous, masks].entries()) {
    await mkdir(join(root, folder), { recursive: true })
    for (let index = 0; index < COUNT; index++) {
      const name = `${folder}/${place < 2 ? place : 2}${index}.png`
      await writeFile(join(root, name), await encodePng(folder === masks ? block() : shaded(place * COUNT + index)))
      if (folder === normal || folder === tested) rows.push(`${name},normal,`)
      if (folder === anomalous) rows.push(`${name},anomalous,${masks}/2${index}.png`)
    }
  }
  if (manifest) await writeFile(join(root, 'manifest.csv'), `${rows.join('\n')}\n`)
  return root
}

function shaded(seed: number): PixelImage {
  return { width: 20, height: 12, channels: 3, data: Uint8Array.from({ length: 20 * 12 * 3 }, (_, index) => (index * 7 + seed * 31) % 256) }
}

function block(): PixelImage {
  return {
    width: 20,
    height: 12,
    channels: 1,
    data: Uint8Array.from({ length: 20 * 12 }, (_, index) => (index % 20 > 5 && index % 20 < 12 ? 255 : 0)),
  }
}
