import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert, float32Array, integer, property, record } from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { decodeNpy, encodeNpy, readMap, resizeMap, type FloatMap } from '../src/index.ts'
import { readFixture } from './support/read-fixture.ts'

interface Case {
  readonly name: string
  readonly file: string
  /** `null` for files that are to be refused. */
  readonly values: readonly number[] | null
}

const { cases: files } = readFixture<{ readonly cases: readonly Case[] }>('maps.json')
const folder = mkdtempSync(join(tmpdir(), 'im-iad-maps-'))
afterAll(() => rmSync(folder, { recursive: true }))

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

describe('readMap', () => {
  it.each(files.filter(({ values }) => values !== null))('reads $name as it is stored', async ({ name, file, values }) => {
    const { width, height, data } = await readMap(written(name, Buffer.from(file, 'base64')))
    expect({ width, height }).toEqual({ width: 5, height: 3 })
    expect([...data]).toEqual(values)
  })

  it.each(files.filter(({ values }) => values === null))('refuses $name', async ({ name, file }) => {
    const path = written(name, Buffer.from(file, 'base64'))
    await expect(readMap(path)).rejects.toThrow(
      expect.objectContaining({ code: 'IM_IAD_E_MAP', message: expect.stringContaining(path) as string }),
    )
  })

  it.each(files.filter(({ name }) => ['f4.npy', 'f8-fortran-big-endian.npy', 'f4.tif', 'u2.png'].includes(name)))(
    'refuses a truncated $name',
    async ({ name, file }) => {
      const bytes = Buffer.from(file, 'base64')
      await expect(readMap(written(`cut-${name}`, bytes.subarray(0, bytes.length - 25)))).rejects.toThrow(/cannot read the anomaly map/)
    },
  )

  it('refuses a file of zero bytes', async () => {
    await expect(readMap(written('empty.npy', new Uint8Array()))).rejects.toThrow(/empty\.npy/)
  })
})

const maps = record({ width: integer({ min: 1, max: 20 }), height: integer({ min: 1, max: 20 }) }).chain(({ width, height }) =>
  float32Array({ minLength: width * height, maxLength: width * height }).map((data): FloatMap => ({ width, height, data })),
)

describe('.npy', () => {
  it('gives back what was written, also infinities and what is not a number', () => {
    assert(
      property(maps, (map) => {
        expect(decodeNpy(encodeNpy(map), 'a.npy')).toEqual(map)
      }),
    )
  })

  it('is laid out as NumPy does: values start at a multiple of 64 bytes', () => {
    const bytes = encodeNpy({ width: 2, height: 1, data: Float32Array.of(1, 2) })
    expect(bytes.length).toBe(128 + 8)
    expect(Buffer.from(bytes).toString('latin1', 10, 128).trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }")
  })
})

interface Interpolations {
  readonly width: number
  readonly height: number
  readonly values: readonly number[]
  readonly cases: readonly { readonly width: number; readonly height: number; readonly values: readonly number[] }[]
}

describe('an .npy header that lies', () => {
  /** Version 2.0: the header's length takes four bytes. */
  function npy(header: string, announced: number = header.length): Uint8Array {
    const bytes = new Uint8Array(12 + header.length)
    bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0])
    new DataView(bytes.buffer).setUint32(8, announced, true)
    bytes.set(new TextEncoder().encode(header), 12)
    return bytes
  }
  const header = (shape: string): string => `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`

  it.each([
    ['of more values than there is memory', npy(header('4294967295, 4294967295')), 'it is truncated'],
    ['of a size beyond all numbers', npy(header(`${'9'.repeat(400)}, 1`)), 'it is truncated'],
    ['of no size', npy(header('0, 4294967295')), '(height, width) is expected'],
    ['longer than the file', npy(header('1, 1'), 0xffff_ffff), 'truncated within its header'],
    ['of megabytes', npy(header('1, 1').padEnd(2_000_000)), 'no map'],
  ])('%s is refused before anything is allocated', (_name, bytes, problem) => {
    const before = process.memoryUsage().arrayBuffers
    expect(() => decodeNpy(bytes, 'map.npy')).toThrow(problem)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000)
  })
})

describe('resizeMap', () => {
  const { cases, ...source } = readFixture<Interpolations>('torch-interpolate.json')

  it.each(cases)('equals torch.nn.functional.interpolate at $width x $height', ({ width, height, values }) => {
    const map = { width: source.width, height: source.height, data: Float32Array.from(source.values) }
    const { data } = resizeMap(map, { width, height })
    expect(data).toHaveLength(values.length)
    for (const [index, value] of values.entries()) expect(data[index]).toBeCloseTo(value, 5)
  })

  it('keeps a constant map constant', () => {
    assert(
      property(integer({ min: 1, max: 30 }), integer({ min: 1, max: 30 }), integer({ min: -99, max: 99 }), (width, height, value) => {
        const { data } = resizeMap({ width: 4, height: 3, data: new Float32Array(12).fill(value) }, { width, height })
        for (const level of data) expect(level).toBeCloseTo(value, 4)
      }),
    )
  })
})
