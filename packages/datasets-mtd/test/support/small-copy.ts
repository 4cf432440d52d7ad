import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeJpeg, encodePng, type PixelImage } from '@im-iad/images'

/** Pictures of each class, by the publisher's names. */
const PICTURES: Readonly<Record<string, readonly string[]>> = {
  MT_Blowhole: ['exp1_num_108719', 'exp1_num_108889'],
  MT_Break: ['exp1_num_116934'],
  MT_Crack: ['exp1_num_249594'],
  MT_Fray: ['exp0_num_797'],
  MT_Free: ['exp0_num_743', 'exp1_num_824', 'exp1_num_855'],
  MT_Uneven: ['exp0_num_461'],
}

const SIZE = { width: 24, height: 16 }

/** A folder in the publisher's layout with small pictures, and masks with a block in the middle. */
export async function smallCopy(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'mtd-copy-'))
  for (const [folder, names] of Object.entries(PICTURES)) {
    const images = join(root, folder, 'Imgs')
    await mkdir(images, { recursive: true })
    for (const [index, name] of names.entries()) {
      await writeFile(
        join(images, `${name}.jpg`),
        await encodeJpeg(
          grey((x, y) => 60 + 9 * index + ((x * y) % 50)),
          90,
        ),
      )
      await writeFile(
        join(images, `${name}.png`),
        await encodePng(grey((x, y) => (folder !== 'MT_Free' && x > 8 && x < 16 && y > 4 && y < 12 ? 255 : 0))),
      )
    }
  }
  return root
}

function grey(value: (x: number, y: number) => number): PixelImage {
  const { width, height } = SIZE
  const data = Uint8Array.from({ length: width * height }, (_, index) => value(index % width, Math.floor(index / width)))
  return { ...SIZE, channels: 1, data }
}
