import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodePng } from '@im-iad/images'

/** A folder in the layout of the sound dataset: two categories, grey pictures of 16 x 16. */
export async function soundData(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'im-iad-sound-data-'))
  for (const [place, folder] of ['train/good', 'test/good', 'test/dent'].entries())
    for (const category of ['bolt', 'nut']) {
      await mkdir(join(root, category, folder), { recursive: true })
      for (let index = 0; index < 3; index++) {
        const data = new Uint8Array(16 * 16).fill(40 + 20 * place + 3 * index + (category === 'nut' ? 1 : 0))
        await writeFile(join(root, category, folder, `${index}.png`), await encodePng({ width: 16, height: 16, channels: 1, data }))
      }
    }
  return root
}
