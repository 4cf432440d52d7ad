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
  'can-be-closed': changed(
    ['const LEVELS', 'let closed = false\nconst LEVELS'],
    ['dispose: async () => undefined', 'dispose: async () => void (closed = true)'],
    ['async extract(batch, strides) {', "async extract(batch, strides) {\n      if (closed) throw new Error('closed')"],
  ),
}

describeBroken({ kind: 'backbone', fixture: 'backbone', id: 'sound' }, withoutShared(backboneChecks), BROKEN)

describe.each(['executor', 'exporter'] as const)('a sound %s', (kind) => {
  it('passes what can be asked of it here', async () => {
    const results = await resultsOf({ kind, fixture: kind, id: 'sound' })
    expect(results.filter(({ status }) => status !== 'pass')).toEqual([])
    expect(results.map(({ check }) => check)).toContain('parameters-describe-themselves')
  })
})
