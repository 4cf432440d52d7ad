import { readdir, readFile, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isImIadError } from '@im-iad/errors'
import { openWeights, readSafetensors, writeSafetensors } from '../src/index.ts'
import { expected } from './support/expected.ts'
import { fileWith, fixture, readAll } from './support/files.ts'

const newFile = (): Promise<string> => fileWith(new Uint8Array(), '.safetensors')

/** A file with this header, as JSON or as text, and so many bytes of values. */
function fileOf(header: object | string, values: number | Uint8Array = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const content = typeof values === 'number' ? new Uint8Array(values) : values
  const bytes = new Uint8Array(8 + json.length + content.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, 8)
  bytes.set(content, 8 + json.length)
  return bytes
}

const f32 = (from: number, to: number): object => ({ dtype: 'F32', shape: [(to - from) / 4], data_offsets: [from, to] })

describe('writing and reading safetensors', () => {
  it('gives back what was written', async () => {
    const path = await newFile()
    const tensors = {
      first: { shape: [2, 3], data: Float32Array.of(1, -0, 3.5, Infinity, 1e-40, 6) },
      second: { shape: [], data: Int32Array.of(-7) },
      'empty é': { shape: [0, 4], data: new Float32Array(0) },
    }
    await writeSafetensors(path, tensors)
    expect(Object.fromEntries(await readSafetensors(path))).toEqual(tensors)
    await writeSafetensors(path, new Map(Object.entries(tensors)))
    expect(Object.fromEntries(await readSafetensors(path))).toEqual(tensors)
  })

  it('gives back any tensors of any names', async () => {
    const path = await newFile()
    const name = fc.string({ unit: 'binary' }).filter((text) => text !== '__metadata__' && text !== '__proto__')
    const tensor = fc.oneof(fc.float32Array({ maxLength: 9 }), fc.int32Array({ maxLength: 9 }))
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, tensor, { noNullPrototype: true }), async (arrays) => {
        const tensors = new Map(Object.entries(arrays).map(([key, data]) => [key, { shape: [data.length], data }]))
        await writeSafetensors(path, tensors)
        const read = await readSafetensors(path)
        expect([...read.keys()].sort()).toEqual([...tensors.keys()].sort())
        for (const [key, { data }] of tensors) expect(read.get(key)?.data).toEqual(data)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps half precision to eleven bits, and metadata', async () => {
    const path = await newFile()
    const tensors = { counts: { shape: [1], data: Int32Array.of(3) }, odd: { shape: [3], data: Float32Array.of(0.1, 65504, -2e-8) } }
    await writeSafetensors(path, tensors, { floats: 'F16', metadata: new Map([['trained on', 'nothing']]) })
    const file = await openWeights(path)
    expect(file.metadata.get('trained on')).toBe('nothing')
    expect(file.tensors.get('odd')).toMatchObject({ type: 'F16', shape: [3] })
    expect([...(await file.read('odd'))]).toEqual([0.0999755859375, 65504, -0])
    expect([...(await file.read('counts'))]).toEqual([3])
    await file.close()
  })

  it('refuses to write what it could not read back', async () => {
    const path = await newFile()
    await expect(writeSafetensors(path, { a: { shape: [2], data: new Float32Array(3) } })).rejects.toThrow(
      'shape [2] is not that of its 3 values',
    )
    const large = { a: { shape: [1], data: Float32Array.of(7e4) } }
    await expect(writeSafetensors(path, large, { floats: 'F16' })).rejects.toThrow("70000 is beyond F16's 65504")
    await expect(writeSafetensors(path, { __metadata__: { shape: [1], data: Float32Array.of(1) } })).rejects.toThrow('free text')
    expect((await readFile(path)).length).toBe(0)
    expect((await readdir(dirname(path))).filter((name) => name.includes('partial'))).toEqual([])
  })

  it('reads what the reference implementation wrote', async () => {
    const path = fixture('reference.safetensors')
    const read = await readAll(path)
    expect([...read.keys()].sort()).toEqual(Object.keys(expected.reference).sort())
    for (const [name, { values }] of Object.entries(expected.reference)) expect([...(read.get(name) ?? [])]).toEqual(values)
    const file = await openWeights(path)
    expect([file.format, file.metadata.get('format'), file.tensors.get('f32')?.shape]).toEqual(['safetensors', 'pt', [2, 3]])
    await file.close()
  })
})

describe('damaged and hostile safetensors', () => {
  const pair = `"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}`
  it.each([
    ['too short', Uint8Array.of(1, 2), 'less than the length of its header takes'],
    ['of a header beyond the file', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 0), 'is longer than the file'],
    ['no JSON', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0x7b), 'no JSON object'],
    ['no UTF-8', fileOf('{"\ud800":1}'), 'tensor "\ufffd" is of type undefined'],
    ['a JSON list', fileOf('[]'), 'no JSON object'],
    [
      'of another type',
      fileOf({ a: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } }, 1),
      'tensor "a" is of type "F8_E4M3"; F64, F32',
    ],
    [
      'of offsets beyond the file',
      fileOf({ a: f32(0, 16) }, 8),
      'tensor "a" of type F32 and shape [4] does not fit its offsets 0 to 16 in 8',
    ],
    ['of a shape of another size', fileOf({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, 8), 'shape [3] does not fit'],
    ['of a shape that overflows', fileOf({ a: { dtype: 'F32', shape: [2 ** 52, 2 ** 52], data_offsets: [0, 8] } }, 8), 'does not fit'],
    ['of negative offsets', fileOf({ a: { dtype: 'F32', shape: [1], data_offsets: [-4, 0] } }, 8), 'has no shape or offsets'],
    ['of a shape of texts', fileOf({ a: { dtype: 'F32', shape: ['1'], data_offsets: [0, 4] } }, 4), 'has no shape or offsets'],
    ['of an entry that is no object', fileOf({ a: null }), 'tensor "a" is of type undefined'],
    ['of overlapping tensors', fileOf({ a: f32(0, 8), b: f32(4, 12) }, 12), 'tensor "b" overlaps tensor "a" at bytes 4 to 8'],
    ['of one range twice', fileOf({ a: f32(0, 8), b: f32(0, 8) }, 8), 'tensor "b" overlaps tensor "a"'],
    ['of a hole', fileOf({ a: f32(0, 4), b: f32(8, 12) }, 12), 'no tensor names bytes 4 to 8, before tensor "b"'],
    ['of bytes behind the last tensor', fileOf({ a: f32(0, 4) }, 12), 'no tensor names bytes 4 to 12, the last of the file'],
    ['of a name given twice', fileOf(`{${pair},${pair}}`, 4), 'its header names "a" twice'],
    ['of a name given twice in another spelling', fileOf(`{${pair},${pair.replace('"a"', String.raw`"\u0061"`)}}`, 4), 'names "a" twice'],
    ['of a field given twice', fileOf(`{"a":{"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,2]}}`, 2), 'names "dtype" twice'],
    ['of metadata that is no text', fileOf({ __metadata__: { a: 1 } }), '"__metadata__" is not an object of texts'],
  ])('refuses a file that is %s', async (_name, bytes, message) => {
    const path = await fileWith(bytes, '.safetensors')
    for (const read of [readSafetensors, openWeights]) {
      await expect(read(path)).rejects.toThrow(message)
      await expect(read(path)).rejects.toThrow(path)
      await expect(read(path)).rejects.toMatchObject({ code: 'IM_IAD_E_SAFETENSORS' })
    }
  })

  it('refuses a huge header before it reads it', async () => {
    const path = await fileWith(Uint8Array.of(0, 0, 0, 0x10, 0, 0, 0, 0, 0x7b), '.safetensors')
    await truncate(path, 0x1000_0010)
    await expect(openWeights(path)).rejects.toThrow('its header of 268435456 bytes is longer than the format allows (100000000)')
  })

  it('takes names that are traps for data, or refuses them', async () => {
    const proto = await fileWith(fileOf('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4), '.safetensors')
    await expect(openWeights(proto)).rejects.toThrow('refuses a tensor of the name "__proto__"')
    const trap = await fileWith(fileOf({ constructor: f32(0, 4), toString: f32(4, 8) }, 8), '.safetensors')
    expect([...(await readAll(trap)).keys()]).toEqual(['constructor', 'toString'])
    expect(Object.hasOwn(Object.prototype, 'dtype')).toBe(false)
  })

  it('keeps deep JSON from exhausting the stack', async () => {
    const path = await fileWith(fileOf(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`), '.safetensors')
    await expect(openWeights(path)).rejects.toThrow('tensor "a" is of type undefined')
  })

  it('names the tensor that holds NaN, and lets infinities pass', async () => {
    const path = await newFile()
    const data = Float32Array.of(1, Number.NaN, Infinity, Number.NaN)
    await writeSafetensors(path, { 'layer.weight': { shape: [4], data }, mask: { shape: [1], data: Float32Array.of(-Infinity) } })
    const file = await openWeights(path)
    await expect(file.read('layer.weight')).rejects.toThrow(
      `tensor "layer.weight" holds NaN [IM_IAD_E_TENSOR]\n  found:   ${path}\n  problem: 2 of its 4 values are no numbers, the first at index 1`,
    )
    expect([...(await file.read('mask'))]).toEqual([-Infinity])
    await expect(file.read('layer.weigth')).rejects.toThrow('did you mean "layer.weight"?')
    await file.close()
  })

  it('says so when the file shrinks while it is open', async () => {
    const path = await newFile()
    await writeSafetensors(path, { a: { shape: [1000], data: new Float32Array(1000) } })
    const file = await openWeights(path)
    await truncate(path, 200)
    await expect(file.read('a')).rejects.toThrow('the weights file ends too early')
    await file.close()
  })

  it('never fails in another way on damaged bytes', async () => {
    const path = await newFile()
    await writeSafetensors(path, { a: { shape: [2], data: Float32Array.of(1, 2) }, b: { shape: [1], data: Int32Array.of(3) } })
    const sound = new Uint8Array(await readFile(path))
    const damaged = fc
      .array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((changes) => changes.reduce((bytes, [place, byte]) => bytes.with(place, byte), sound))
    const cut = fc.nat(sound.length).map((length) => sound.subarray(0, length))
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, cut, fc.uint8Array({ maxLength: 60 })), async (bytes) => {
        const file = await fileWith(bytes, '.safetensors')
        const outcome = await readAll(file).catch((error: unknown) => error)
        expect(outcome instanceof Map || isImIadError(outcome)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })
})
