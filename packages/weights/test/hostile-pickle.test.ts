import { readFile } from 'node:fs/promises'
import { isImIadError } from '@im-iad/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openWeights } from '../src/index.ts'
import { fileWith, fixture, readAll } from './support/files.ts'
import { bytesOf, dict, global, legacyFile, pickle, tensor, text, tuple, uint32 } from './support/pickle-builder.ts'
import { zipOf } from './support/zip-builder.ts'

/** The same pickle in both layouts. */
async function inBothLayouts(root: Uint8Array): Promise<readonly string[]> {
  return [await fileWith(legacyFile(root), '.pth'), await fileWith(zipOf([{ name: 'x/data.pkl', bytes: root }]), '.pth')]
}

const one = tensor({ shape: [], strides: [], length: 1 })

describe('a pickle that wants something done', () => {
  it.each([
    ['os.system', bytesOf(global('os', 'system'), tuple(text('echo pwned')), 'R'), 'the global "os.system" at byte'],
    ['posix.system', bytesOf(global('posix', 'system'), tuple(text('echo')), 'R'), '"posix.system"'],
    ['builtins.eval', bytesOf(global('builtins', 'eval'), tuple(text('1')), 'R'), '"builtins.eval"'],
    ['Python 2 eval', bytesOf(global('__builtin__', 'eval'), tuple(text('1')), 'R'), '"__builtin__.eval"'],
    ['a global off the stack', bytesOf('\x8c\x05posix\x8c\x06system\x93', tuple(text('ls')), 'R'), '"posix.system"'],
    ['an attribute of an allowed module', global('torch._utils', '_rebuild_tensor_v2.__globals__'), '_v2.__globals__"'],
    ['another tensor builder', global('torch._utils', '_rebuild_sparse_tensor'), '"torch._utils._rebuild_sparse_tensor"'],
    ['a quantised storage', global('torch', 'QInt8Storage'), '"torch.QInt8Storage"'],
    ['control characters in a name', bytesOf('c\x1b[2Jx\ny\n'), '"?[2Jx.y"'],
    ['a call of a storage type', bytesOf(global('torch', 'FloatStorage'), ')R'), 'a call of "torch.FloatStorage"'],
    ['a call of a list', bytesOf('])R'), 'a call of a list'],
    ['INST', bytesOf('(ios\nsystem\n'), 'the instruction INST at byte'],
    ['OBJ', bytesOf('(', global('torch', 'Size'), 'o'), 'the instruction OBJ'],
    ['NEWOBJ', bytesOf(global('collections', 'OrderedDict'), ')\x81'), 'the instruction NEWOBJ'],
    ['NEWOBJ_EX', bytesOf(global('collections', 'OrderedDict'), ')}\x92'), 'the instruction NEWOBJ_EX'],
    ['an extension code', bytesOf('\x82\x01'), 'the instruction EXT1'],
    ['BUILD on a tensor', bytesOf(one, '}b'), 'the instruction BUILD on a tensor'],
    ['BUILD with a tuple of slots', bytesOf('}', tuple('N', '}'), 'b'), 'the instruction BUILD on a dict'],
    ['a text persistent id', bytesOf('Pabc\n'), 'the instruction PERSID'],
    ['an out-of-band buffer', bytesOf('\x97'), 'the instruction NEXT_BUFFER'],
    ['a set', bytesOf('\x8f'), 'the instruction EMPTY_SET'],
    ['what is no instruction', bytesOf('\xff'), 'the instruction byte 0xff'],
  ])('is refused by name: %s', async (_name, payload, message) => {
    for (const path of await inBothLayouts(pickle(dict(text('w'), payload)))) {
      await expect(openWeights(path)).rejects.toThrow(message)
      await expect(openWeights(path)).rejects.toThrow('nothing of the file has been executed')
      await expect(openWeights(path)).rejects.toMatchObject({ code: 'IM_IAD_E_PICKLE', facts: { found: path } })
    }
  })

  it('is refused in the other pickles of the legacy layout, too', async () => {
    const magic = pickle('\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19')
    const evil = pickle(global('os', 'system'), tuple(text('ls')), 'R')
    await expect(openWeights(await fileWith(bytesOf(magic, evil), '.pth'))).rejects.toThrow('"os.system"')
    const keys = bytesOf(legacyFile(pickle(dict(text('w'), one))).subarray(0, -6), evil)
    await expect(openWeights(await fileWith(keys, '.pth'))).rejects.toThrow('"os.system"')
  })
})

describe('a pickle that wants to use up the machine', () => {
  /** Lists of lists of lists, each ten times the one before: 10^9 leaves in 200 bytes. */
  const laughs = bytesOf(
    '](]q\x00',
    ...Array.from({ length: 9 }, (_, level) =>
      bytesOf('](', `h${String.fromCharCode(level)}`.repeat(10), `eq${String.fromCharCode(level + 1)}`),
    ),
    'e',
  )
  /** A list of a thousand pairs, remembered as number 0. */
  const pairs = bytesOf(']q\x00(', ...Array.from({ length: 1000 }, () => bytesOf(text('k'), 'N\x86')), 'e')

  it('with shared lists in shared lists is read in no time, since nothing is copied', async () => {
    const path = await fileWith(legacyFile(pickle(dict(text('w'), one, text('x'), laughs)), { 0: [1, new Uint8Array(4)] }), '.pth')
    const start = performance.now()
    expect((await readAll(path)).size).toBe(1)
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it('by a dict in itself is read, too', async () => {
    const path = await fileWith(
      legacyFile(pickle('}q\x00', text('self'), 'h\x00s', text('inner'), dict(text('w'), one), 's'), { 0: [1, new Uint8Array(4)] }),
      '.pth',
    )
    const file = await openWeights(path)
    expect(file.stateDict).toBe('inner')
    await file.close()
  })

  it.each([
    ['a million marks', pickle('('.repeat(1_000_000)), 'it nests deeper than 1000'],
    ['two million values', pickle(']'.repeat(2_000_000)), 'it makes more than 1000000 values'],
    [
      'one long list copied again and again',
      pickle(pairs, global('collections', 'OrderedDict'), 'q\x01', 'h\x01h\x00\x85R'.repeat(5000)),
      'it makes more than 1000000 values',
    ],
    ['a whole number of a megabyte', pickle('\x8b', uint32(1 << 20), 'x'.repeat(1 << 20)), 'a whole number of 1048576 bytes'],
    ['a text that is said to have gigabytes', pickle('X', uint32(0x7fffffff)), 'one text or number of 2147483647 bytes'],
    ['a name without an end', pickle('c', 'a'.repeat(5000)), 'does not end'],
    ['a memory far away that was never filled', pickle('j', uint32(0xffffffff)), 'it recalls number 4294967295'],
    ['a stack that is empty', pickle('0'), 'instruction POP'],
    ['a tuple of nothing', pickle('\x87'), 'takes a value that is not there'],
    ['a mark that is not there', pickle('t'), 'a mark that is not there'],
    ['a list for a key', pickle('}]Ns'), 'a dict has a list for a key'],
    ['a protocol of the future', bytesOf('\x80\x09N.'), 'its pickle protocol is 9'],
  ])('by %s is refused', async (_name, root, message) => {
    for (const path of await inBothLayouts(root)) {
      const error = await openWeights(path).catch((thrown: unknown) => thrown)
      expect(String(error)).toContain(message)
      expect(String(error)).toContain(path)
    }
  })

  it('by tensors of a million axes is refused', async () => {
    const axes = Array.from({ length: 65 }, () => 1)
    for (const path of await inBothLayouts(pickle(dict(text('w'), tensor({ shape: axes, strides: axes, length: 1 })))))
      await expect(openWeights(path)).rejects.toThrow('_rebuild_tensor_v2 other parameters than PyTorch does')
  })
})

describe('damaged PyTorch files', () => {
  it.each(['legacy.pth', 'zip.pth', 'nested.pth', 'legacy-protocol-4.pth'])('%s never fails in another way', async (name) => {
    const sound = new Uint8Array(await readFile(fixture(name)))
    const damaged = fc
      .array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
      .map((changes) => changes.reduce((bytes, [place, byte]) => bytes.with(place, byte), sound))
    const cut = fc.nat(sound.length).map((length) => sound.subarray(0, length))
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 3, arbitrary: damaged }, cut), async (bytes) => {
        const outcome = await readAll(await fileWith(bytes, '.pth')).catch((error: unknown) => error)
        if (!(outcome instanceof Map) && !isImIadError(outcome)) throw outcome
        expect(outcome instanceof Map || isImIadError(outcome)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('nor do pickles of any instructions', async () => {
    const opcodes = fc.constantFrom(
      ...'()]}NKMJGXUqhtaesubR.Q\x85\x86\x87\x88\x89\x8a\x8c\x93\x94\x95cC0',
      'h\x00',
      'q\x00',
      String.fromCharCode(...text('w')),
    )
    const piece = fc.oneof({ weight: 4, arbitrary: opcodes }, fc.uint8Array({ maxLength: 3 }))
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const [path = ''] = await inBothLayouts(pickle(...pieces))
        const outcome = await readAll(path).catch((error: unknown) => error)
        if (!(outcome instanceof Map) && !isImIadError(outcome)) throw outcome
        expect(outcome instanceof Map || isImIadError(outcome)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('say where they end', async () => {
    const sound = new Uint8Array(await readFile(fixture('legacy.pth')))
    await expect(openWeights(await fileWith(sound.subarray(0, 100), '.pth'))).rejects.toThrow('it ends within its pickles')
    await expect(openWeights(await fileWith(sound.subarray(0, -3), '.pth'))).rejects.toThrow('reaches beyond its end')
  })
})
