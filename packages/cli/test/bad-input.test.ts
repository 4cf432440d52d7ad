import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodePng } from '@im-iad/images'
import { GraphBuilder } from '@im-iad/onnx'
import { beforeEach, describe, expect, it } from 'vitest'
import { imIad, temporaryFolder, type Outcome } from './support/im-iad.ts'

const SIZE = 24
let cwd: string

async function writePicture(name: string, width: number = SIZE, level: number = 90): Promise<void> {
  const data = Uint8Array.from({ length: width * width * 3 }, (_, index) => level + (index % 7) * 9)
  await writeFile(join(cwd, 'pictures', name), await encodePng({ width, height: width, channels: 3, data }))
}

beforeEach(async () => {
  cwd = await temporaryFolder()
  for (const folder of ['train/good', 'test/good', 'test/scratch', 'ground_truth/scratch'])
    await mkdir(join(cwd, 'pictures', folder), { recursive: true })
  for (const name of ['train/good/0.png', 'train/good/1.png', 'test/good/0.png', 'test/scratch/0.png'])
    await writePicture(name, SIZE, 60 + name.length * 3 + Number(name.includes('1.png')) * 5)
  await writeFile(
    join(cwd, 'pictures', 'ground_truth/scratch/0.png'),
    await encodePng({ width: SIZE, height: SIZE, channels: 1, data: new Uint8Array(SIZE * SIZE).fill(255, 99, 140) }),
  )
})

const run = (...more: readonly string[]): Promise<Outcome> => runOn('pictures', ...more)
const runOn = (root: string, ...more: readonly string[]): Promise<Outcome> =>
  imIad(['run', '-d', 'folder', '--data-root', root, '-a', 'patchcore', '--budget', 'smoke', '--set', 'patchcore.size=32', ...more], {
    cwd,
  })

describe("a user's folder", () => {
  it('runs as it is', async () => {
    const { code, stdout } = await run()
    expect(stdout).toContain('pictures')
    expect(code).toBe(0)
  })

  it('takes pictures of one pixel', async () => {
    await writePicture('train/good/0.png', 1)
    expect((await run()).code).toBe(0)
  })

  it.each<[string, () => Promise<void>, string]>([
    ['a picture of zero bytes', () => writeFile(join(cwd, 'pictures/train/good/1.png'), ''), 'the image file is empty'],
    [
      'a truncated picture',
      async () => {
        const whole = await readFile(join(cwd, 'pictures/test/good/0.png'))
        await writeFile(join(cwd, 'pictures/test/good/0.png'), whole.subarray(0, Math.floor(whole.length / 2)))
      },
      'cannot read sample "test/good/0"',
    ],
    ['a picture that is none', () => writeFile(join(cwd, 'pictures/test/scratch/0.png'), 'not a picture'), 'cannot decode the image'],
    ['a mask of another size', () => writePicture('ground_truth/scratch/0.png', 12), 'has another size than its picture'],
  ])('records %s as the cause of the failure, naming the file', async (_name, damage, message) => {
    await damage()
    const { code, stderr } = await run()
    expect(stderr).toContain(message)
    expect(stderr).toContain('.png')
    expect(code).toBe(1)
  })

  it('says which layouts were looked for in an empty folder', async () => {
    await mkdir(join(cwd, 'empty'))
    const { code, stderr } = await runOn('empty')
    expect(stderr).toContain('IM_IAD_E_')
    expect(code).toBe(2)
  })
})

describe('a backbone file', () => {
  it.each<[string, () => Uint8Array, string]>([
    ['is no model', () => new TextEncoder().encode('not a model'), 'cannot load the ONNX model'],
    ['is a classifier', classifier, 'feature maps are expected'],
  ])('that %s fails the experiment with the reason', async (_name, bytes, message) => {
    await writeFile(join(cwd, 'backbone.onnx'), bytes())
    const { code, stderr } = await run('--set', 'patchcore.backbone=./backbone.onnx')
    expect(stderr).toContain(message)
    expect(code).toBe(1)
  })

  it('that is not there is refused before anything runs', async () => {
    const { code, stderr } = await run('--set', 'patchcore.backbone=./gone.onnx')
    expect(stderr).toContain("patchcore's backbone file does not exist")
    expect(code).toBe(2)
  })
})

function classifier(): Uint8Array {
  const graph = new GraphBuilder('classifier')
  const image = graph.input('image', ['batch', 3, 'height', 'width'])
  graph.output('logits', graph.node('Flatten', [graph.node('GlobalAveragePool', [image])]), ['batch', 3])
  return graph.build()
}

describe('an engine that is not there', () => {
  it.each([
    [['--engine', 'wasm', '--device', 'cuda'], /"wasm" does not compute on "cuda" \[IM_IAD_E_DEVICE\][^]*fix: +leave --device out/],
    [['--engine', 'jax'], /onnxruntime\|tensorflow\|wasm\|cpu/],
  ])('is said once, before anything is run: %j', async (flags, message) => {
    const { code, stderr } = await run(...flags)
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })
})
