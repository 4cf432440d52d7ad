import { metricChecks, sequenceMetricChecks } from '../dist/index.js'
import { changed, describeBroken } from './support/describe-broken.ts'
import type { PackageChange } from './support/plugin-package.ts'
import { withoutShared } from './support/without-shared.ts'

const BROKEN: Readonly<Record<string, PackageChange>> = {
  'id-says-its-level': {
    ...changed(["id: 'pixel.sound'", "id: 'sound'"]),
    manifest: { imIad: { contract: 1, provides: [{ kind: 'metric', id: 'sound', entry: './dist/index.js' }] } },
  },
  'gives-a-number': changed([
    'return { value: right / (positives.length * negatives.length) }',
    "return { value: null, reason: 'not today' }",
  ]),
  'direction-is-right': changed(['higher-is-better', 'lower-is-better']),
  'degenerate-input-has-a-reason': changed(['if (positives.length === 0 || negatives.length === 0)', 'if (false)']),
  'nan-gives-null': changed(['map.some(Number.isNaN)', 'map.some(Number.isString)'], ['Number.isString', '() => false']),
  'missing-maps-give-null': changed(['return { value: null, reason: maps.reason }', 'return { value: 0.5 }']),
  'same-input-same-number': changed(
    ['export default', 'let calls = 0\nexport default'],
    ['return { value: right /', 'return { value: 1e-3 * calls++ + right /'],
  ),
  'order-does-not-matter': changed(['return { value: right /', "return { value: (samples[0].label === 'normal' ? 1e-3 : 0) + right /"]),
  'only-the-order-of-scores-counts': changed([
    'return { value: right /',
    'return { value: 1e-6 * Math.tanh(Math.max(...positives)) + right /',
  ]),
  'leaves-the-evaluation-alone': changed([
    'let right = 0',
    'let right = 0\n    for (const { regions } of maps.items) for (const { mask } of regions) mask.fill(0)',
  ]),
  'memo-keys-are-its-own': changed(['im-iad-sound-metric classes', 'classes']),
}

describeBroken({ kind: 'metric', fixture: 'metric', id: 'pixel.sound' }, withoutShared(metricChecks), BROKEN)

const BROKEN_SEQUENCES: Readonly<Record<string, PackageChange>> = {
  'sequence-gives-a-number': changed(
    ['return Number.isFinite(value) ? { value }', 'return Number.isFinite(value) ? { value: Infinity }'],
    ['tasks.length < 2', 'tasks.length < 2 || matrix[0][1] === null'],
  ),
  'sequence-direction-is-right': changed(['lower-is-better', 'higher-is-better']),
  'sequence-knows-what-is-better': changed(["direction === 'higher-is-better' ? 1 : -1", '1']),
  'sequence-gaps-have-a-reason': changed(['return Number.isFinite(value) ? { value } :', 'return true ? { value } :']),
}

describeBroken({ kind: 'metric', fixture: 'sequence-metric', id: 'sound' }, withoutShared(sequenceMetricChecks), BROKEN_SEQUENCES)
