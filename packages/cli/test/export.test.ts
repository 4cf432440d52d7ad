import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandomSource } from '@im-iad/core'
import { encodePng } from '@im-iad/images'
import { beforeAll, describe, expect, it } from 'vitest'
import { imIad, parseJson, temporaryFolder } from './support/im-iad.ts'

let cwd: string

beforeAll(async () => {
  cwd = await temporaryFolder()
  await mkdir(join(cwd, 'parts/good'), { recursive: true })
  const random = createRandomSource(0, 'test').stream('parts')
  for (let index = 0; index < 8; index++) {
    const data = Uint8Array.from({ length: 40 * 36 }, () => 100 + random.uniform() * 80)
    await writeFile(join(cwd, 'parts/good', `${index}.png`), await encodePng({ width: 40, height: 36, channels: 1, data }))
  }
  await imIad(['fit', 'parts', '-a', 'padim', '--budget', 'smoke', '--set', 'padim.size=32', '--out', 'lids'], { cwd })
})

describe('im-iad export', () => {
  it('names the file after the model and says what is in it', async () => {
    const outcome = await imIad(['export', 'lids', '--onnx'], { cwd })
    expect(outcome.code).toBe(0)
    expect(outcome.stdout).toContain(join(cwd, 'lids.onnx'))
    expect(outcome.stdout).toContain('input        image: uint8 [batch, height, width, 3]')
    expect(outcome.stdout).toContain('output       score: float32 [batch]')
    expect(outcome.stdout).toMatch(/backbone {5}embedded, licence: MIT\nchecked {6}score off by /)
    expect((await readdir(cwd)).toSorted()).toEqual(['lids', 'lids.json', 'lids.onnx', 'parts'])
  })

  it('writes the file it is given, and prints its description', async () => {
    const outcome = await imIad(['export', 'lids', '--onnx', 'out/part.onnx', '--json'], { cwd })
    expect(outcome.code).toBe(0)
    const printed = parseJson<{ readonly file: string; readonly threshold: { readonly value: number } }>(outcome)
    const model = JSON.parse(await readFile(join(cwd, 'lids/model.json'), 'utf8')) as { readonly threshold: { readonly value: number } }
    expect(printed).toMatchObject({ file: join(cwd, 'out/part.onnx'), threshold: { value: model.threshold.value } })
    expect((await readdir(join(cwd, 'out'))).toSorted()).toEqual(['part.json', 'part.onnx'])
  })

  it('says what is wrong, and exits with 2', async () => {
    const cases = [
      [['export', 'lids'], 'onnx'],
      [['export', 'nothing', '--onnx'], 'IM_IAD_E_MODEL'],
      [['export', 'lids', '--onnx', 'part.bin'], 'does not end in .onnx'],
    ] as const
    for (const [parameters, text] of cases) {
      const outcome = await imIad(parameters, { cwd })
      expect(outcome.stderr).toContain(text)
      expect(outcome.code).toBe(2)
    }
  })
})
