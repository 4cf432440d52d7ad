import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandomSource } from '@im-iad/core'
import { openFileHashes, textureFingerprint } from '@im-iad/core/machinery'
import { encodePng } from '@im-iad/images'
import { beforeAll, describe, expect, it } from 'vitest'
import { imIad, parseJson, temporaryFolder } from './support/im-iad.ts'

const SIDE = 32
/** A goal that four pictures can support: one split, one fit. */
const QUICK = ['--budget', 'smoke', '--false-reject', '40%', '--confidence', '60%']
let cwd: string

async function writeGrain(path: string, seed: number): Promise<void> {
  const random = createRandomSource(seed, 'test').stream('grain')
  const data = Uint8Array.from({ length: SIDE * SIDE }, () => 90 + 60 * random.uniform())
  await mkdir(join(cwd, path, '..'), { recursive: true })
  await writeFile(join(cwd, path), await encodePng({ width: SIDE, height: SIDE, channels: 1, data }))
}

beforeAll(async () => {
  cwd = await temporaryFolder()
  for (let seed = 0; seed < 8; seed++) await writeGrain(`parts/good/${seed}.png`, seed)
  for (let seed = 10; seed < 12; seed++) await writeGrain(`textures/cloth/${seed}.png`, seed)
  await mkdir(join(cwd, 'empty'))
  await mkdir(join(cwd, 'broken'))
  await symlink(join(cwd, 'gone.png'), join(cwd, 'broken/link.png'))
  await mkdir(join(cwd, 'words'))
  await writeFile(join(cwd, 'words/notes.txt'), 'no picture')
  await mkdir(join(cwd, 'damaged'))
  await writeFile(join(cwd, 'damaged/torn.png'), 'no picture')
})

describe('--textures of fit and try', () => {
  it('is what the model learned with: recorded as in a run, shown by info, and not the same as without', async () => {
    const options = ['-a', 'draem', ...QUICK]
    const fitted = await imIad(['fit', 'parts', ...options, '--textures', 'textures', '--out', 'with', '--json'], { cwd })
    expect(fitted.code).toBe(0)
    const folder = join(cwd, 'textures')
    const expected = await textureFingerprint(folder, await openFileHashes(await temporaryFolder(), folder))
    expect(parseJson<{ readonly textures: string }>(fitted).textures).toBe(expected)
    expect((await imIad(['info', 'with'], { cwd })).stdout).toContain(`textures   SHA-256 ${expected}`)

    const plain = await imIad(['fit', 'parts', ...options, '--out', 'without'], { cwd })
    expect(plain.code).toBe(0)
    expect(plain.stdout).not.toContain('textures')
    const weightsOf = async (model: string): Promise<unknown> =>
      parseJson<{ readonly files: unknown }>({ code: 0, stderr: '', stdout: await readFile(join(cwd, model, 'model.json'), 'utf8') }).files
    expect(await weightsOf('with')).not.toEqual(await weightsOf('without'))
  })

  it('reaches the methods of try, whose model says so', async () => {
    const outcome = await imIad(['try', 'parts', '-a', 'draem', ...QUICK, '--textures', 'textures', '--json'], { cwd })
    expect(outcome.code).toBe(0)
    expect(outcome.stderr).toMatch(/trying draem: about \d+ s on two cores/)
    const { model } = parseJson<{ readonly model: string }>(outcome)
    expect((await imIad(['info', model, '--json'], { cwd })).stdout).toMatch(/"textures":"[0-9a-f]{64}"/)
  })

  it('says so where no method can use them', async () => {
    const outcome = await imIad(['fit', 'parts', '-a', 'padim', ...QUICK, '--set', 'padim.size=32', '--textures', 'textures'], { cwd })
    expect(outcome.code).toBe(0)
    expect(outcome.stderr).toContain("warning: --textures changes nothing: padim can't use any.")
    expect(outcome.stdout).not.toContain('textures')
  })

  it.each([
    ['nowhere', 'cannot find the folder of textures [IM_IAD_E_TEXTURES]'],
    ['empty', 'the folder of textures is empty [IM_IAD_E_TEXTURES]'],
    ['broken', 'cannot read the folder of textures [IM_IAD_E_TEXTURES]'],
    ['parts/good/0.png', 'cannot find the folder of textures [IM_IAD_E_TEXTURES]'],
  ])('refuses %s before anything is fitted, as run does', async (textures, message) => {
    const fitted = await imIad(['fit', 'parts', '-a', 'draem', ...QUICK, '--textures', textures], { cwd })
    const tried = await imIad(['try', 'parts', ...QUICK, '--textures', textures], { cwd })
    const run = await imIad(
      [
        'run',
        '-d',
        'folder',
        '--data-root',
        'parts',
        '--set',
        'folder.alone=normal',
        '-a',
        'draem',
        '--budget',
        'smoke',
        '--textures',
        textures,
      ],
      { cwd },
    )
    for (const { code, stderr } of [fitted, tried, run]) {
      expect(stderr).toContain(message)
      expect(stderr).toContain(join(cwd, textures))
      expect(code).toBe(2)
    }
  })

  it.each([
    ['words', 'there is no picture in the folder of textures'],
    ['damaged', "a picture in the folder of textures can't be read"],
  ])('refuses what the algorithm cannot use: %s', async (textures, message) => {
    const { code, stderr } = await imIad(['fit', 'parts', '-a', 'draem', ...QUICK, '--textures', textures, '--out', 'never'], { cwd })
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})

describe('im-iad info of a model', () => {
  it('tells what it was fitted with and what its threshold promises', async () => {
    await imIad(['fit', 'parts', '-a', 'padim', ...QUICK, '--set', 'padim.size=32', '--out', 'shown'], { cwd })
    const { code, stdout } = await imIad(['info', 'shown'], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain(`model      ${join(cwd, 'shown')}`)
    expect(stdout).toMatch(/algorithm {2}padim, revision \d+ of @im-iad\/algo-padim@/)
    expect(stdout).toContain('size 32')
    expect(stdout).toContain('At most 40 % of good pictures are rejected')
    expect(stdout).toContain('budget smoke, seed 0')
  })

  it('says what is wrong with a model that is damaged, and with a folder that is none', async () => {
    await mkdir(join(cwd, 'torn'))
    await writeFile(join(cwd, 'torn/model.json'), '{')
    expect((await imIad(['info', 'torn'], { cwd })).stderr).toContain('model.json is no JSON')
    expect((await imIad(['info', 'parts'], { cwd })).stderr).toContain('IM_IAD_E_UNKNOWN_PLUGIN')
  })
})
