import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createRegistry } from '@im-iad/core'
import { encodePng } from '@im-iad/images'
import { loadModel, scorePictures, type ModelDescription, type ScoredPicture } from '@im-iad/predict'
import { GraphBuilder } from '@im-iad/onnx'
import { beforeAll, describe, expect, it } from 'vitest'
import { fitSmall, registry, type SmallFit } from './support/fit-small.ts'
import { pictureFolder, surface, temporaryFolder } from './support/pictures.ts'

let root: string
let fit: SmallFit

beforeAll(async () => {
  root = await pictureFolder({ good: 14, bad: 4 })
  fit = await fitSmall(root)
})

/** The model in a folder of its own, to be harmed. */
async function copyOfModel(): Promise<string> {
  const folder = join(await temporaryFolder(), 'model')
  await cp(fit.folder, folder, { recursive: true })
  return folder
}

async function withDescription(change: (description: Record<string, unknown> & ModelDescription) => unknown): Promise<string> {
  const folder = await copyOfModel()
  const content = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as Record<string, unknown> & ModelDescription
  const changed = change(content) ?? content
  await writeFile(join(folder, 'model.json'), typeof changed === 'string' ? changed : JSON.stringify(changed))
  return folder
}

describe('a model folder', () => {
  it('scores a path and bytes alike, in three lines, with the scores that fitting saw', async () => {
    const model = await loadModel(fit.folder, { registry })
    const path = join(root, 'bad', '000.png')
    const byPath = await model.score(path)
    const byBytes = await model.score(await readFile(path))
    expect(byPath).toEqual(byBytes)
    expect(byPath.score).toBe(fit.outcome.bad[0])
    expect(byPath.decision).toBe('anomalous')
    await model.dispose()
  })

  it('gives maps in the size of the picture when asked', async () => {
    const model = await loadModel(fit.folder, { registry })
    const picture = surface(1001, true)
    const { map } = await model.score(await encodePng(picture), { map: true })
    expect(map).toMatchObject({ width: picture.width, height: picture.height })
    expect(map?.data).toHaveLength(picture.width * picture.height)
    await model.dispose()
  })

  it('gives the same scores however many are asked for at once', async () => {
    const model = await loadModel(fit.folder, { registry })
    const paths = (await readdir(join(root, 'good'))).map((name) => join(root, 'good', name))
    const together = await Promise.all(paths.map((path) => model.score(path)))
    for (const [index, path] of paths.entries()) expect(await model.score(path)).toEqual(together[index])
    await model.dispose()
  })

  it('is data: JSON and safetensors, described whole', async () => {
    const files = (await readdir(fit.folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
    expect(files.toSorted()).toEqual(['model.json', 'padim.safetensors'])
    const { description } = fit
    expect(description).toMatchObject({
      format: 'im-iad-model',
      schema: 1,
      algorithm: { id: 'padim', package: '@im-iad/algo-padim', parameters: { size: 32, backbone: 'embedded' } },
      input: { resize: { width: 32, height: 32 }, crop: null },
      backbones: [{ parameter: 'backbone', name: 'embedded', file: null, sha256: null, plugin: { package: '@im-iad/backbone-embedded' } }],
      data: { good: 14, bad: 4, trained: 14 },
    })
    expect(description.heldOutScores).toHaveLength(14)
    expect(description.backbones[0]?.normalization?.mean).toHaveLength(3)
  })

  it('is replaced by a new one, but nothing else is', async () => {
    const { draftModel } = await import('../src/model/write-model-folder.ts')
    await (await draftModel(fit.folder)).discard()
    const other = await temporaryFolder()
    await writeFile(join(other, 'thesis.txt'), 'years of work')
    await expect(draftModel(other)).rejects.toMatchObject({ code: 'IM_IAD_E_OUTPUT' })
    expect(await readFile(join(other, 'thesis.txt'), 'utf8')).toBe('years of work')
  })

  it.each<[string, string, (folder: string) => Promise<unknown>]>([
    ['is missing', 'model.json: ENOENT', (folder) => rm(join(folder, 'model.json'))],
    ['lacks a file', 'padim.safetensors is missing', (folder) => rm(join(folder, 'algorithm/padim.safetensors'))],
    ['was cut short', 'bytes instead of', (folder) => truncate(join(folder, 'algorithm/padim.safetensors'), 100)],
    [
      'was changed',
      'its SHA-256 is another one',
      async (folder) => {
        const path = join(folder, 'algorithm/padim.safetensors')
        const bytes = await readFile(path)
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
        await writeFile(path, bytes)
      },
    ],
    [
      'holds a stranger',
      "evil.js is not one of the model's files",
      (folder) => writeFile(join(folder, 'algorithm/evil.js'), 'process.exit(66)'),
    ],
    [
      'has a folder for a file',
      'is no regular file',
      async (folder) => {
        await rm(join(folder, 'algorithm/padim.safetensors'))
        await mkdir(join(folder, 'algorithm/padim.safetensors'))
      },
    ],
    [
      'has an endless description',
      'it is no regular file',
      async (folder) => {
        await rm(join(folder, 'model.json'))
        await symlink('/dev/zero', join(folder, 'model.json'))
      },
    ],
  ])('that %s is refused', async (_, message, harm) => {
    const folder = await copyOfModel()
    await harm(folder)
    await expect(loadModel(folder, { registry })).rejects.toThrow(message)
  })

  it.each<[string, string, (description: Record<string, unknown> & ModelDescription) => unknown]>([
    ['no JSON', 'is no JSON', () => '{"format": "im-iad-model", '],
    ['a list', 'does not say that it is an im-iad model', () => '[]'],
    ['another format', 'does not say that it is an im-iad model', (own) => ({ ...own, format: 'pickle' })],
    ['a newer schema', 'written by a newer im-iad', (own) => ({ ...own, schema: 2 })],
    ['an unknown key', 'Unrecognized key', (own) => ({ ...own, run: 'rm -rf' })],
    ['a threshold that is none', 'threshold.value', (own) => ({ ...own, threshold: { ...own.threshold, value: 'high' } })],
    ['a file outside', 'files', (own) => ({ ...own, files: { 'algorithm/../../../etc/passwd': { bytes: 1, sha256: '0'.repeat(64) } } })],
    ['an absolute file', 'files', (own) => ({ ...own, files: { '/etc/passwd': { bytes: 1, sha256: '0'.repeat(64) } } })],
    [
      'weights outside',
      'backbones.0.file',
      (own) => ({ ...own, backbones: own.backbones.map((backbone) => ({ ...backbone, file: 'weights/../../x.onnx' })) }),
    ],
    ['a huge input', 'input.resize.width', (own) => ({ ...own, input: { ...own.input, resize: { width: 1e9, height: 1e9 } } })],
    [
      'an algorithm that is not there',
      'npm i im-iad-algo-globex@1.0.0',
      (own) => ({ ...own, algorithm: { ...own.algorithm, id: 'globex', package: 'im-iad-algo-globex', version: '1.0.0' } }),
    ],
    [
      'an id of another package',
      '"padim" of @im-iad/algo-padim is another one',
      (own) => ({ ...own, algorithm: { ...own.algorithm, package: 'im-iad-algo-impostor' } }),
    ],
    ['another revision', 'it needs revision 99', (own) => ({ ...own, algorithm: { ...own.algorithm, revision: 99 } })],
    [
      'an unknown parameter',
      'IM_IAD_E_PARAMETER',
      (own) => ({ ...own, algorithm: { ...own.algorithm, parameters: { ...own.algorithm.parameters, magic: 1 } } }),
    ],
    ['another input', 'asks for another input', (own) => ({ ...own, input: { ...own.input, resample: 'lanczos' } })],
    [
      'another backbone revision',
      'revision 7 is needed',
      (own) => ({ ...own, backbones: own.backbones.map((backbone) => ({ ...backbone, plugin: { ...backbone.plugin, revision: 7 } })) }),
    ],
    [
      'other weights',
      'another SHA-256',
      (own) => ({ ...own, backbones: own.backbones.map((backbone) => ({ ...backbone, sha256: 'a'.repeat(64) })) }),
    ],
    [
      'another backbone package',
      'it was opened by',
      (own) => ({
        ...own,
        backbones: own.backbones.map((backbone) => ({ ...backbone, plugin: { ...backbone.plugin, package: 'im-iad-backbone-impostor' } })),
      }),
    ],
    ['parameters that its files do not fit', "cannot use the model's files", (own) => ({ ...own, seed: 12345 })],
  ])('whose description has %s is refused', async (_, message, change) => {
    await expect(loadModel(await withDescription(change), { registry })).rejects.toThrow(message)
  })

  it('says what to install where nothing is', async () => {
    const nothing = createRegistry({ plugins: [], problems: [], places: [] })
    await expect(loadModel(fit.folder, { registry: nothing })).rejects.toThrow(`npm i @im-iad/algo-padim@`)
  })
})

describe('a backbone file of the user', () => {
  it('travels with the model, and no other is taken for it', async () => {
    const directory = await temporaryFolder()
    const file = join(directory, 'mine.onnx')
    await writeFile(file, poolingBackbone())
    await writeFile(join(directory, 'mine.json'), JSON.stringify({ mean: [100, 110, 120], std: [50, 50, 50] }))
    const fitted = await fitSmall(root, {
      settings: [
        { owner: 'padim', name: 'backbone', text: file },
        { owner: 'padim', name: 'levels', text: '4,8' },
      ],
    })
    await rm(directory, { recursive: true })
    expect(fitted.description.backbones).toMatchObject([{ name: 'mine.onnx', file: 'weights/mine.onnx', plugin: { id: 'onnx' } }])
    expect(Object.keys(fitted.description.files)).toEqual(['algorithm/padim.safetensors', 'weights/mine.json', 'weights/mine.onnx'])
    const model = await loadModel(fitted.folder, { registry })
    expect((await model.score(join(root, 'bad/000.png'))).score).toBe(fitted.outcome.bad[0])
    await model.dispose()
    // Its normalisation counts as part of it.
    const companion = JSON.stringify({ mean: [0, 0, 0], std: [1, 1, 1] })
    await writeFile(join(fitted.folder, 'weights/mine.json'), companion)
    const described = JSON.parse(await readFile(join(fitted.folder, 'model.json'), 'utf8')) as Record<string, unknown> & ModelDescription
    const forged = { bytes: companion.length, sha256: createHash('sha256').update(companion).digest('hex') }
    const files = { ...described.files, 'weights/mine.json': forged }
    await writeFile(join(fitted.folder, 'model.json'), JSON.stringify({ ...described, files }))
    await expect(loadModel(fitted.folder, { registry })).rejects.toMatchObject({ code: 'IM_IAD_E_MODEL_BACKBONE' })
  })
})

/** Mean colours over blocks of 4 and 8 pixels: a feature extractor in three nodes. */
function poolingBackbone(): Uint8Array {
  const graph = new GraphBuilder('pooling')
  const image = graph.input('image', ['batch', 3, 'height', 'width'])
  for (const block of [4, 8])
    graph.output(`pool${block}`, graph.node('AveragePool', [image], { kernel_shape: [block, block], strides: [block, block] }), [
      'batch',
      3,
      'h',
      'w',
    ])
  return graph.build()
}

describe('scorePictures', () => {
  it('passes unreadable pictures on as such, in order, and never as good', async () => {
    const model = await loadModel(fit.folder, { registry })
    const damaged = join(dirname(root), 'damaged.png')
    await writeFile(damaged, (await readFile(join(root, 'good/000.png'))).subarray(0, 300))
    const empty = join(dirname(root), 'empty.png')
    await writeFile(empty, '')
    const paths = [join(root, 'good/000.png'), damaged, join(root, 'bad/000.png'), empty, join(root, 'gone.png')]
    const scored: ScoredPicture[] = []
    for await (const one of scorePictures(model, paths)) scored.push(one)
    expect(scored.map(({ path }) => path)).toEqual(paths)
    expect(scored.map((one) => (one.kind === 'scored' ? one.decision : one.kind))).toEqual([
      'good',
      'unreadable',
      'anomalous',
      'unreadable',
      'unreadable',
    ])
    await model.dispose()
  })

  it('refuses a picture that is larger than allowed before decoding it', async () => {
    const model = await loadModel(fit.folder, { registry, maximumPixels: 100 })
    await expect(model.score(join(root, 'good/000.png'))).rejects.toMatchObject({ code: 'IM_IAD_E_IMAGE' })
    await model.dispose()
  })

  it('stops soon after it is told to', async () => {
    const model = await loadModel(fit.folder, { registry })
    const abort = new AbortController()
    let seen = 0
    const endless = function* (): Generator<string> {
      for (;;) yield join(root, 'good/000.png')
    }
    for await (const one of scorePictures(model, endless(), { signal: abort.signal }))
      if (one.kind === 'scored' && ++seen === 5) abort.abort()
    expect(seen).toBeLessThan(60)
    await model.dispose()
  })

  it('decides by another threshold when told to', async () => {
    const model = await loadModel(fit.folder, { registry, threshold: 1e9 })
    expect(await model.score(join(root, 'bad/000.png'))).toMatchObject({ decision: 'good' })
    await model.dispose()
  })
})
