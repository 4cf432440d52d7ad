import { describe, expect, it } from 'vitest'
import { backboneChecks } from '../dist/index.js'
import { changed, describeBroken } from './support/describe-broken.ts'
import { resultsOf } from './support/expect-caught.ts'
import type { PackageChange } from './support/plugin-package.ts'
import { withoutShared } from './support/without-shared.ts'

const BROKEN: Readonly<Record<string, PackageChange>> = {
  'normalization-is-declared': changed(['{ mean: [0, 0, 0], std: [1, 1, 1] }', 'null']),
  'levels-are-declared': changed(['[4, 8].map', '[4, 4].map']),
  opens: changed(['    levels: LEVELS,\n    notes', '    levels: LEVELS.slice(1),\n    notes']),
  'features-fit-their-level': changed(['return strides.map', 'return strides.toSorted((a, b) => a - b).map']),
  'features-are-finite': changed(['pixels[index] / (stride * stride)', 'pixels[index] / 0']),
  'same-picture-same-features': changed(['pixels[index] / (stride', 'Math.random() + pixels[index] / (stride']),
  'batch-does-not-matter': changed(['pixels[index] / (stride', '(count + pixels[index]) / (stride']),
  'levels-do-not-depend-on-each-other': changed([
    'return meansOf(batch, level)',
    'return strides.length > 1 ? meansOf(batch, level) : { ...meansOf(batch, level), data: meansOf(batch, level).data.map((value) => 2 * value) }',
  ]),
  'unknown-stride-is-an-error': changed([
    'if (level === undefined)\n          throw',
    'if (level === undefined) return meansOf(batch, LEVELS[0])\n        if (level === null)\n          throw',
  ]),
  'leaves-pixels-alone': changed([
    'return meansOf(batch, level)',
    'const means = meansOf(batch, level)\n        if (stride === 8) batch.pixels.fill(0)\n        return means',
  ]),
  'trainable-form-keeps-its-state': changed(['state.get(name).data.set(value.data)', 'void value']),
  'can-be-closed': changed(
    ['const LEVELS', 'let closed = false\nconst LEVELS'],
    ['dispose: async () => undefined', 'dispose: async () => void (closed = true)'],
    ['async extract(batch, strides) {', "async extract(batch, strides) {\n      if (closed) throw new Error('closed')"],
  ),
}

/** Checks of published weights: the first sound backbone has none. */
const BROKEN_DOWNLOADS: Readonly<Record<string, PackageChange>> = {
  'download-is-described': changed(["'0123456789abcdef'.repeat(4)", "'01234567'"]),
  'weights-fit-the-network': changed(["names.includes('conv_stem.weight') ? 'timm' : 'torchvision'", "'torchvision'"]),
}

const ofDownloads = (id: string): boolean => id in BROKEN_DOWNLOADS
const all = withoutShared(backboneChecks)

describeBroken(
  { kind: 'backbone', fixture: 'backbone', id: 'sound' },
  all.filter(({ id }) => !ofDownloads(id)),
  BROKEN,
  Object.keys(BROKEN_DOWNLOADS),
)

describeBroken(
  { kind: 'backbone', fixture: 'download-backbone', id: 'sound' },
  all.filter(({ id }) => ofDownloads(id)),
  BROKEN_DOWNLOADS,
  // Nobody names a file of weights here.
  all.map(({ id }) => id).filter((id) => !ofDownloads(id)),
)

describe('a backbone with published weights', () => {
  const download = { kind: 'backbone', fixture: 'download-backbone', id: 'sound' } as const

  it.each<[string, PackageChange, string]>([
    [
      'an address that is none',
      changed(['https://example.org/one.pth', 'ftp://example.org/one.pth']),
      'its address is "ftp://example.org/one.pth"',
    ],
    ['a file outside its folder', changed(["file: 'one.pth'", "file: '../one.pth'"]), 'is not the plain name of a file'],
    ['two files of one name', changed(['one.safetensors', 'one.pth']), 'two of its files have one name'],
    ['no licence', changed(["license: 'MIT',\n    trainedOn", "license: '',\n    trainedOn"]), 'it does not say its licence'],
    [
      'an open that takes whatever there is',
      changed(['missing.length > 0', 'missing.length > 9']),
      'it opens a file without the parameter "bn1.bias"',
    ],
    ['an error that names no parameter', changed(["`missing: ${missing.join(', ')}`", "'some are missing'"]), 'its error does not name it'],
    ['another error', changed(['throw refused(`', 'throw new Error(`']), 'not an ImIadError'],
  ])('is told of %s', async (_name, change, message) => {
    const failed = (await resultsOf(download, change)).filter(({ status }) => status === 'fail')
    expect(failed).toEqual([expect.objectContaining({ reason: expect.stringContaining(message) })])
  })

  it('need not say what they hold', async () => {
    const results = await resultsOf(download, changed(['weightShapes: (', 'otherShapes: (']))
    expect(results.find(({ check }) => check === 'weights-fit-the-network')).toMatchObject({
      status: 'skip',
      reason: expect.stringContaining('weightShapes'),
    })
  })
})

describe.each(['executor', 'exporter'] as const)('a sound %s', (kind) => {
  it('passes what can be asked of it here', async () => {
    const results = await resultsOf({ kind, fixture: kind, id: 'sound' })
    expect(results.filter(({ status }) => status !== 'pass')).toEqual([])
    expect(results.map(({ check }) => check)).toContain('parameters-describe-themselves')
  })
})
