import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { imIad, parseJson, temporaryFolder } from './support/im-iad.ts'

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

describe('a run that is killed', () => {
  const RUN = [
    'run',
    '-d',
    'synthetic',
    '-c',
    'weave,tray',
    '-a',
    'patchcore,padim',
    '--budget',
    'smoke',
    '--set',
    'synthetic.trainNormal=6',
    '--set',
    'synthetic.testNormal=4',
    '--set',
    'synthetic.testAnomalous=4',
    '--run',
    'killed',
  ]

  /** The byte-stable part of every record. */
  async function records(cwd: string): Promise<readonly string[]> {
    const folder = join(cwd, 'runs', 'killed', 'experiments')
    const hashes = (await readdir(folder)).toSorted()
    return Promise.all(
      hashes.map(async (hash) => {
        const { measured: _measured, ...stable } = JSON.parse(await readFile(join(folder, hash, 'record.json'), 'utf8'))
        return JSON.stringify(stable)
      }),
    )
  }

  it('gives the records of an undisturbed run when it is started again', async () => {
    const undisturbed = await temporaryFolder()
    await imIad(RUN, { cwd: undisturbed })
    const expected = await records(undisturbed)
    expect(expected).toHaveLength(4)
    const cwd = await temporaryFolder()
    for (const delay of [400, 1200, 2500, 4000])
      await imIad(RUN, { cwd, onStart: (child) => setTimeout(() => child.kill('SIGKILL'), delay) })
    expect((await imIad(RUN, { cwd })).code).toBe(0)
    expect(await records(cwd)).toEqual(expected)
  })
})
