import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { imIad, parseJson } from './support/im-iad.ts'

const DATA = resolve(process.env['IM_IAD_DATA'] ?? '../shared/data')
const GRID = join(DATA, 'mvtec-ad', 'grid')
const MTD = join(DATA, 'mtd')

interface RunDocument {
  readonly experiments: readonly {
    readonly algorithm: string
    readonly status: string
    readonly metrics: Readonly<Record<string, number>>
  }[]
}

function skipWithout(folder: string): boolean {
  const missing = !existsSync(folder)
  if (missing) process.stderr.write(`skipped: ${folder} is not there (IM_IAD_DATA)\n`)
  return missing
}

describe('real pictures, laptop budget, embedded backbone', () => {
  it.skipIf(skipWithout(GRID))('a folder in the layout of MVTec AD', async () => {
    const outcome = await imIad(['run', '-d', 'folder', '--data-root', GRID, '-a', 'patchcore,padim', '--budget', 'laptop', '--json'])
    const { experiments } = parseJson<RunDocument>(outcome)
    expect(experiments.map((experiment) => experiment.algorithm)).toEqual(['patchcore', 'padim'])
    for (const { metrics } of experiments) {
      expect(metrics['image.auroc']).toBeGreaterThan(0.85)
      expect(metrics['pixel.aupro']).toBeGreaterThan(0.75)
    }
  })

  it.skipIf(skipWithout(MTD))('Magnetic Tile, split by tile', async () => {
    const { experiments } = parseJson<RunDocument>(
      await imIad(['run', '-d', 'mtd', '--data-root', DATA, '-a', 'padim', '--budget', 'laptop', '--json']),
    )
    expect(experiments).toMatchObject([{ status: 'done' }])
    expect(experiments[0]?.metrics['image.auroc']).toBeGreaterThan(0.62)
  })
})
