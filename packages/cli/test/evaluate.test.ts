import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeNpy, encodePng } from '@im-iad/images'
import { beforeEach, describe, expect, it } from 'vitest'
import { imIad, parseJson, temporaryFolder } from './support/im-iad.ts'

const SIZE = 8
let cwd: string

beforeEach(async () => {
  cwd = await temporaryFolder()
  for (const folder of ['maps/good', 'maps/scratch', 'masks/scratch']) await mkdir(join(cwd, folder), { recursive: true })
})

/** A ramp, with `peak` added in the first quarter of the picture. */
async function writeMap(name: string, peak: number, size: number = SIZE): Promise<void> {
  const data = Float32Array.from({ length: size * size }, (_, pixel) => pixel / (size * size) + (pixel < (size * size) / 4 ? peak : 0))
  await writeFile(join(cwd, 'maps', `${name}.npy`), encodeNpy({ width: size, height: size, data }))
}

async function writeMask(name: string, value: number = 255): Promise<void> {
  const data = Uint8Array.from({ length: SIZE * SIZE }, (_, pixel) => (pixel < (SIZE * SIZE) / 4 ? value : 0))
  await writeFile(join(cwd, 'masks', `${name}.png`), await encodePng({ width: SIZE, height: SIZE, channels: 1, data }))
}

const evaluate = (...more: readonly string[]): ReturnType<typeof imIad> =>
  imIad(['evaluate', '--maps', 'maps', '--masks', 'masks', '--json', ...more], { cwd })

interface Evaluated {
  readonly metrics: Readonly<Record<string, number | null>>
  readonly reasons: Readonly<Record<string, string>>
  readonly counts: { readonly normal: number; readonly anomalous: number }
}

describe('im-iad evaluate', () => {
  it("scores another program's maps", async () => {
    await writeMap('good/000', 0)
    await writeMap('good/001', 0)
    await writeMap('scratch/000', 5)
    await writeMask('scratch/000_mask')
    await writeMap('scratch/001', 5)
    await writeMask('scratch/001')
    const { metrics, counts } = parseJson<Evaluated>(await evaluate())
    expect(counts).toEqual({ normal: 2, anomalous: 2 })
    expect(metrics).toMatchObject({ 'image.auroc': 1, 'image.ap': 1, 'pixel.auroc': 1, 'pixel.ap': 1, 'pixel.aupro': 1 })
  })

  it('takes image scores from a CSV', async () => {
    await writeMap('good/000', 0)
    await writeMap('scratch/000', 5)
    await writeMask('scratch/000')
    await writeFile(join(cwd, 'scores.csv'), 'image,score\ngood/000.png,3\nscratch\\000.png,2\n')
    expect(parseJson<Evaluated>(await evaluate('--scores', 'scores.csv')).metrics['image.auroc']).toBe(0)
  })

  it.each([
    ['a row without a number', 'image,score\ngood/000,x\n', 'is no finite number'],
    ['a missing column', 'name,score\ngood/000,1\n', 'lacks the column'],
    ['an image without a score', 'image,score\ngood/000,1\n', 'the image "scratch/000" has no score'],
  ])('refuses scores with %s', async (_name, content, message) => {
    await writeMap('good/000', 0)
    await writeMap('scratch/000', 5)
    await writeMask('scratch/000')
    await writeFile(join(cwd, 'scores.csv'), content)
    const { stderr, code } = await evaluate('--scores', 'scores.csv')
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  it('refuses a defect without a mask, unless such pictures are normal', async () => {
    await writeMap('good/000', 0)
    await writeMap('scratch/000', 5)
    await writeMap('scratch/001', 5)
    await writeMask('scratch/001')
    const refused = await evaluate()
    expect(refused.stderr).toContain('the map "scratch/000" has no mask')
    expect(refused.code).toBe(2)
    expect(parseJson<Evaluated>(await evaluate('--no-mask', 'normal')).counts).toEqual({ normal: 2, anomalous: 1 })
  })

  it('refuses maps of another size than their masks', async () => {
    await writeMap('scratch/000', 5, 4)
    await writeMask('scratch/000')
    expect((await evaluate()).stderr).toContain('the map is 4x4, the mask 8x8 pixels')
  })

  it('gives null with a reason where there is one class only', async () => {
    await writeMap('scratch/000', 5)
    await writeMask('scratch/000')
    const { metrics, reasons } = parseJson<Evaluated>(await evaluate())
    expect(metrics['image.auroc']).toBeNull()
    expect(reasons['image.auroc']).not.toBe('')
    expect(metrics['pixel.auroc']).toBe(1)
  })

  it.each([
    [['--maps', 'nowhere'], '--maps is no folder'],
    [['--maps', 'masks'], 'there is no anomaly map'],
  ])('refuses %j', async (parameters, message) => {
    const { stderr, code } = await imIad(['evaluate', '--masks', 'masks', ...parameters], { cwd })
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})
