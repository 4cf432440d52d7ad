import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandomSource } from '@im-iad/core'
import { encodePng, type PixelImage } from '@im-iad/images'

/** A fresh folder under the system's temporary one. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'im-iad-predict-'))
}

/** A grey surface with a texture of its own; `defect` burns a dark square into it. Sizes differ, as users' pictures do. */
export function surface(seed: number, defect: boolean = false): PixelImage {
  const random = createRandomSource(seed, 'test').stream('surface')
  const width = 40 + (seed % 3) * 8
  const height = 36 + (seed % 2) * 10
  const waves = Array.from({ length: 6 }, () => ({ x: random.uniform(), y: random.uniform(), phase: random.uniform() * 6 }))
  const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
    const pixel = Math.floor(index / 3)
    const [x, y] = [(pixel % width) / width, Math.floor(pixel / width) / height]
    const texture = waves.reduce((sum, wave) => sum + Math.sin(12 * (wave.x * x + wave.y * y) + wave.phase), 0)
    const isDefect = defect && x > 0.4 && x < 0.65 && y > 0.3 && y < 0.6
    return isDefect ? 15 : 128 + texture * 6 + random.uniform() * 8
  })
  return { width, height, channels: 3, data }
}

export interface FolderOptions {
  readonly good: number
  readonly bad: number
  /** Where the good ones go; `good` when absent, `.` for the folder itself. */
  readonly goodFolder?: string
  readonly badFolder?: string
}

/** A user's folder of pictures. */
export async function pictureFolder({ good, bad, goodFolder = 'good', badFolder = 'bad' }: FolderOptions): Promise<string> {
  const root = join(await temporaryFolder(), 'parts')
  const write = async (folder: string, count: number, first: number, defect: boolean): Promise<void> => {
    if (count === 0) return
    await mkdir(join(root, folder), { recursive: true })
    for (let index = 0; index < count; index++)
      await writeFile(join(root, folder, `${String(index).padStart(3, '0')}.png`), await encodePng(surface(first + index, defect)))
  }
  await write(goodFolder, good, 0, false)
  await write(badFolder, bad, 1000, true)
  return root
}
