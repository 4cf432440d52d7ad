import { describe, expect, it } from 'vitest'
import { openWeights } from '../src/index.ts'
import { expected } from './support/expected.ts'
import { fileWith, fixture, readAll } from './support/files.ts'
import { bytesOf, dict, legacyFile, pickle, tensor, text, tuple, global } from './support/pickle-builder.ts'
import { zipOf } from './support/zip-builder.ts'

describe('files of torch.save', () => {
  it.each([
    ['zip.pth', 'pytorch-zip', expected.state],
    ['legacy.pth', 'pytorch-legacy', expected.state],
    ['protocol-4.pth', 'pytorch-zip', expected.small],
    ['legacy-protocol-4.pth', 'pytorch-legacy', expected.small],
  ])('%s: every tensor equals what PyTorch holds, whatever its strides and type', async (name, format, tensors) => {
    const file = await openWeights(fixture(name))
    expect([file.format, file.stateDict, [...file.tensors.keys()]]).toEqual([format, '', Object.keys(tensors)])
    for (const [tensorName, { shape, values }] of Object.entries(tensors)) {
      expect(file.tensors.get(tensorName)?.shape).toEqual(shape)
      expect([...(await file.read(tensorName))]).toEqual(values)
    }
    await file.close()
  })

  it('tells how numbers are stored', async () => {
    const file = await openWeights(fixture('zip.pth'))
    const types = ['plain', 'half', 'bfloat16', 'double', 'long', 'int', 'short', 'char', 'byte', 'bool'].map(
      (name) => file.tensors.get(name)?.type,
    )
    expect(types).toEqual(['F32', 'F16', 'BF16', 'F64', 'I64', 'I32', 'I16', 'I8', 'U8', 'BOOL'])
    await file.close()
  })

  it('finds the parameters that a trainer put beside other things, and not its optimiser', async () => {
    const file = await openWeights(fixture('nested.pth'))
    expect([file.stateDict, [...file.tensors.keys()]]).toEqual(['state_dict', ['weight', 'bias']])
    expect([...(await file.read('weight'))]).toEqual(expected.small['weight']?.values)
    await file.close()
  })

  it('guesses none of two sets of parameters, and takes the one that is named', async () => {
    await expect(openWeights(fixture('two.pth'))).rejects.toThrow(/holds 2 sets of tensors[^]*"model", "model_ema"/)
    expect((await readAll(fixture('two.pth'), { stateDict: 'model_ema' })).size).toBe(2)
    await expect(openWeights(fixture('two.pth'), { stateDict: 'modle' })).rejects.toThrow('"model", "model_ema"')
  })

  it('refuses a pickled model by the name of its class', async () => {
    await expect(openWeights(fixture('whole-model.pth'))).rejects.toThrow(
      /asks for the global "torch\.nn\.modules\.linear\.Linear" at byte \d+;[^]*torch\.save\(model\.state_dict\(\)/,
    )
  })

  it('reads an OrderedDict as Python 2 wrote it, with its texts', async () => {
    const pair = tuple(bytesOf('U\x01w'), tensor({ shape: [2], strides: [1], length: 2 }))
    const root = pickle(global('collections', 'OrderedDict'), tuple(bytesOf(']', pair, 'a')), 'R')
    const path = await fileWith(legacyFile(root, { 0: [2, new Uint8Array(Float32Array.of(1, 2).buffer)] }), '.pth')
    expect([...((await readAll(path)).get('w') ?? [])]).toEqual([1, 2])
  })
})

const numbers = (count: number): Uint8Array => new Uint8Array(Float32Array.from({ length: count }, (_, index) => index).buffer)
const legacyWith = (facts: Parameters<typeof tensor>[0], count = 4): Uint8Array<ArrayBuffer> =>
  legacyFile(pickle(dict(text('w'), tensor(facts))), { 0: [count, numbers(count)] })

describe('tensors that do not fit their storage', () => {
  it.each([
    [
      'beyond its end',
      { shape: [3], strides: [1], offset: 2, length: 4 },
      'tensor "w" of shape [3] and strides [1] ends at element 5 of a storage of 4',
    ],
    ['by its strides', { shape: [2, 2], strides: [3, 1], length: 4 }, 'ends at element 5 of a storage of 4'],
    ['by negative strides', { shape: [2], strides: [-1], offset: 1, length: 4 }, 'tensor "w" has no sound layout'],
    ['by a negative offset', { shape: [1], strides: [1], offset: -1, length: 4 }, 'tensor "w" has no sound layout'],
    ['by fewer strides than axes', { shape: [1, 1], strides: [1], length: 4 }, 'tensor "w" has no sound layout'],
    ['by an expansion to gigabytes', { shape: [1 << 30], strides: [0], length: 4 }, 'expands a storage of 4 elements beyond 16777216'],
    ['by a product that overflows', { shape: [2 ** 40, 2 ** 40], strides: [0, 0], length: 4 }, 'expands a storage'],
    ['since the storage is shorter', { shape: [4], strides: [1], length: 5 }, 'storage "0" has 16 bytes; the pickle says 5 F32'],
    ['since the storage is another', { shape: [1], strides: [1], length: 1, storage: '1' }, 'its storage "0" is of no tensor'],
  ])('%s are refused by name', async (_name, facts, message) => {
    const path = await fileWith(legacyWith(facts), '.pth')
    await expect(readAll(path)).rejects.toThrow(message)
    await expect(readAll(path)).rejects.toThrow(path)
  })

  it('are refused in the zip layout as well', async () => {
    const root = pickle(dict(text('w'), tensor({ shape: [4], strides: [1], length: 4 })))
    const files = (bytes: Uint8Array): Uint8Array =>
      zipOf([
        { name: 'x/data.pkl', bytes: root },
        { name: 'x/data/0', bytes },
      ])
    expect([...((await readAll(await fileWith(files(numbers(4)), '.pth'))).get('w') ?? [])]).toEqual([0, 1, 2, 3])
    await expect(readAll(await fileWith(files(numbers(3)), '.pth'))).rejects.toThrow('storage "0" has 12 bytes; the pickle says 16')
    await expect(readAll(await fileWith(zipOf([{ name: 'x/data.pkl', bytes: root }]), '.pth'))).rejects.toThrow('storage "0" is not there')
  })

  it('and NaN are told by the name of the tensor', async () => {
    const root = pickle(dict(text('w'), tensor({ shape: [2], strides: [1], length: 2 })))
    const path = await fileWith(legacyFile(root, { 0: [2, new Uint8Array(Float32Array.of(Number.NaN, 1).buffer)] }), '.pth')
    await expect(readAll(path)).rejects.toThrow('tensor "w" holds NaN')
  })
})
