import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { exportModel, type ExportedDescription } from '@im-iad/predict'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { beforeAll, describe, expect, it } from 'vitest'
import { findPythonRunner, NODE_RUNNER, parityOf, predictAll, type Expected } from './support/exported-parity.ts'
import { fitSmall, registry, type SmallFit } from './support/fit-small.ts'
import { pictureFolder, surface, temporaryFolder } from './support/pictures.ts'
import { writeToyBackbone } from './support/toy-backbone.ts'

const PICTURES = Array.from({ length: 50 }, (_, index) => surface(2000 + index, index % 3 === 0))

const NO_PYTHON = 'exported models are not run in Python, since none here has onnxruntime and NumPy: set IM_IAD_PYTHON to one'

let root: string

beforeAll(async () => {
  root = await pictureFolder({ good: 14, bad: 4 })
})

async function exported(fit: SmallFit): Promise<{ readonly file: string; readonly description: ExportedDescription }> {
  return exportModel({ folder: fit.folder, file: join(await temporaryFolder(), 'model.onnx'), registry })
}

/** A fit whose backbone is a file of the user's own. */
async function fitWithFile(id: string, backbone: string): Promise<SmallFit> {
  return fitSmall(root, {
    id,
    settings: [
      { owner: id, name: 'backbone', text: backbone },
      { owner: id, name: 'levels', text: '[4,8]' },
    ],
  })
}

describe.each([
  ['patchcore', 'embedded', (): Promise<SmallFit> => fitSmall(root, { id: 'patchcore' })],
  ['padim', 'embedded', (): Promise<SmallFit> => fitSmall(root, { id: 'padim' })],
  ['patchcore', 'a file', async (): Promise<SmallFit> => fitWithFile('patchcore', await writeToyBackbone())],
  ['padim', 'a file', async (): Promise<SmallFit> => fitWithFile('padim', await writeToyBackbone())],
  ['stpm', 'embedded', (): Promise<SmallFit> => fitSmall(root, { id: 'stpm' })],
  ['stpm', 'a file', async (): Promise<SmallFit> => fitWithFile('stpm', await writeToyBackbone())],
])('%s with the backbone %s, exported', (id, backbone, fit) => {
  let file: string
  let description: ExportedDescription
  let expected: Expected
  let fitted: SmallFit

  beforeAll(async () => {
    fitted = await fit()
    ;({ file, description } = await exported(fitted))
    expected = await predictAll(fitted.folder, PICTURES)
  })

  it('says of 50 pictures of several sizes what predict says: onnxruntime-node', async () => {
    const { score, map } = await parityOf(NODE_RUNNER, file, PICTURES, expected)
    expect(score).toBeLessThan(1e-4)
    expect(map).toBeLessThan(1e-4)
  })

  it('and Python', async ({ skip }) => {
    const python = await findPythonRunner()
    if (python === null) {
      process.stderr.write(`skipped: ${NO_PYTHON}\n`)
      return skip(NO_PYTHON)
    }
    const { score, map } = await parityOf(python, file, PICTURES, expected)
    expect(score).toBeLessThan(1e-4)
    expect(map).toBeLessThan(1e-4)
  })

  it('says of three pictures at once what it says of each', async () => {
    const [width, height] = [40, 30]
    const pictures = [0, 1, 2].map((seed) =>
      Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * (7 + seed) + 31 * seed) % 256),
    )
    const session = await InferenceSession.create(file)
    const run = async (pixels: readonly Uint8Array[]): Promise<readonly number[]> => {
      const image = new Tensor('uint8', Uint8Array.from(pixels.flatMap((own) => [...own])), [pixels.length, height, width, 3])
      const { score, map } = await session.run({ image })
      return [...(score?.data ?? []), ...(map?.data ?? [])].map(Number)
    }
    const [together, single] = [await run(pictures), await Promise.all(pictures.map((own) => run([own])))]
    const wanted = [...single.map(([score]) => score), ...single.flatMap(([, ...map]) => map)]
    expect(together).toHaveLength(wanted.length)
    const largest = Math.max(...together.map(Math.abs))
    for (const [place, value] of wanted.entries())
      expect(Math.abs((together[place] ?? Number.NaN) - (value ?? 0))).toBeLessThan(1e-5 * largest)
    await session.release()
  })

  it('is described beside it', async () => {
    const beside = JSON.parse(await readFile(file.replace('.onnx', '.json'), 'utf8')) as unknown
    expect(beside).toEqual(description)
    expect(description).toMatchObject({
      format: 'im-iad-onnx',
      file: 'model.onnx',
      bytes: (await stat(file)).size,
      operatorSet: backbone === 'embedded' ? 18 : 17,
      labels: ['good', 'anomalous'],
      threshold: { value: fitted.description.threshold.value, statement: fitted.description.threshold.statement },
      inputs: [{ name: 'image', type: 'uint8', shape: ['batch', 'height', 'width', 3] }],
      outputs: [
        { name: 'score', type: 'float32', shape: ['batch'] },
        { name: 'map', type: 'float32', shape: ['batch', 'height', 'width'] },
      ],
      algorithm: { id },
      backbones: [{ license: backbone === 'embedded' ? 'MIT' : "the file's own" }],
      data: { fingerprint: fitted.description.data.fingerprint },
    })
  })

  it('uses operators of the standard only', async () => {
    expect(operatorDomains(await readFile(file))).toEqual([''])
  })
})

/** The domains that a model's operator sets are of, its whole list: fields 8 of ModelProto, 1 of OperatorSetIdProto. */
function operatorDomains(model: Uint8Array): readonly string[] {
  const domains: string[] = []
  const reader = new BinaryReader(model)
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field !== 8 || type !== WireType.LengthDelimited) {
      reader.skip(type, field)
      continue
    }
    const set = new BinaryReader(reader.bytes())
    let domain = ''
    while (set.pos < set.len) {
      const [inner, innerType] = set.tag()
      if (inner === 1) domain = set.string()
      else set.skip(innerType, inner)
    }
    domains.push(domain)
  }
  return domains
}

describe('an export', () => {
  let fit: SmallFit

  beforeAll(async () => {
    fit = await fitSmall(root, { id: 'patchcore' })
  })

  it('takes as many pictures at a time as the backbone does', async () => {
    const fixed = await fitWithFile('padim', await writeToyBackbone({ batch: 2 }))
    const { description } = await exported(fixed)
    expect(description.inputs[0]?.shape).toEqual([2, 'height', 'width', 3])
    expect(description.deviation.score).toBeLessThan(1e-4)
  })

  it('replaces an earlier one, and nothing else', async () => {
    const folder = await temporaryFolder()
    const file = join(folder, 'part.onnx')
    const once = await exportModel({ folder: fit.folder, file, registry })
    expect(await exportModel({ folder: fit.folder, file, registry })).toEqual(once)
    const backbone = await writeToyBackbone()
    await expect(exportModel({ folder: fit.folder, file: backbone, registry })).rejects.toThrow(/IM_IAD_E_OUTPUT[^]*toy\.onnx/)
    await writeFile(join(folder, 'other.json'), '{}')
    await expect(exportModel({ folder: fit.folder, file: join(folder, 'other.onnx'), registry })).rejects.toThrow('is there already')
    await expect(exportModel({ folder: fit.folder, file: join(folder, 'model.json'), registry })).rejects.toThrow('does not end in .onnx')
  })

  it('gives the same bytes for the same model', async () => {
    const [first, second] = [await exported(fit), await exported(fit)]
    expect((await readFile(first.file)).equals(await readFile(second.file))).toBe(true)
  })

  it('writes nothing when the model is too large for one file', async () => {
    const file = join(await temporaryFolder(), 'model.onnx')
    await expect(exportModel({ folder: fit.folder, file, registry, maximumBytes: 10_000 })).rejects.toThrow(
      /too large for one ONNX file \[IM_IAD_E_ONNX_SIZE\][^]*coresetRatio/,
    )
    await expect(stat(file)).rejects.toThrow('ENOENT')
    await expect(stat(file.replace('.onnx', '.json'))).rejects.toThrow('ENOENT')
  })

  it('says what to do about a backbone file of an old operator set', async () => {
    const old = await fitWithFile('patchcore', await writeToyBackbone({ operatorSet: 11 }))
    await expect(exported(old)).rejects.toThrow(/IM_IAD_E_ONNX_EMBED[^]*operator set 11; 13 to 22 will do[^]*opset_version=17/)
  })

  it('works from a copy of the model folder alone', async () => {
    const backbone = await writeToyBackbone()
    const own = await fitWithFile('patchcore', backbone)
    await writeFile(backbone, 'gone')
    const folder = join(await temporaryFolder(), 'copy')
    for (const path of ['model.json', ...Object.keys(own.description.files)]) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await copyFile(join(own.folder, path), join(folder, path))
    }
    const { description } = await exportModel({ folder, file: join(folder, 'out.onnx'), registry })
    expect(description.backbones[0]?.sha256).toBe(own.description.backbones[0]?.sha256)
  })
})
