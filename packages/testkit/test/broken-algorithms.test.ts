import { expect, it } from 'vitest'
import { algorithmChecks, packageChecks } from '../dist/index.js'
import { changed, describeBroken } from './support/describe-broken.ts'
import { expectCaught, resultsOf, type SoundPlugin } from './support/expect-caught.ts'
import type { PackageChange } from './support/plugin-package.ts'

const SOUND: SoundPlugin = { kind: 'algorithm', fixture: 'algorithm', id: 'sound', options: { batchTolerance: 0 } }

/** One change each, by the check that it must be caught by. */
const BROKEN: Readonly<Record<string, PackageChange>> = {
  manifest: { provides: [{ kind: 'algorithm', id: 'Not An Id', entry: './dist/index.js' }] },
  'core-is-a-peer': { manifest: { peerDependencies: {} } },
  'entries-are-published': { manifest: { files: ['lib', 'README.md'] } },
  'is-found-by-people': { manifest: { keywords: [] } },
  loads: changed(["id: 'sound'", "id: 'another'"]),
  'describes-itself': changed(["title: 'Distance to the mean picture'", "title: 'Distance to the mean picture.'"]),
  'imports-nothing-heavy': changed([
    "import { join } from 'node:path'",
    "import { join } from 'node:path'\nimport { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\ncreateRequire(require.resolve('@im-iad/images'))('sharp')",
  ]),
  'imports-without-effects': changed(['const EPOCHS = 2', "const EPOCHS = 2\nprocess.on('warning', () => undefined)"]),
  'parameters-have-defaults': changed([
    'parameters: parameters({',
    "parameters: parameters({ extra: { type: 'string', description: 'more' },",
  ]),
  'parameters-describe-themselves': changed(["description: 'How distances are measured'", "description: ''"]),
  'parameters-are-plain-data': changed([
    'parameters: parameters({',
    "parameters: parameters({ since: { type: 'string', default: new Date(0), description: 'a date' },",
  ]),
  'budgets-resolve': changed(['laptop: { size: 48 }', 'laptop: { size: 47 }']),
  'input-is-a-geometry': changed(['crop: null', 'crop: size === 48 ? { width: 96, height: 96 } : null']),
  'estimate-is-sane': changed(['0.001 * (train + test)', '1 / (train + test)']),
  'backbone-parameters-exist': changed(["backbones: ['backbone']", "backbones: ['backbone', 'backbones']"]),
  'fits-and-predicts': changed(['const plane = height * width', "throw new RangeError('out of luck')"]),
  'scores-one-per-picture': changed(['new Float32Array(count)', 'new Float32Array(count + 1)']),
  'scores-are-finite': changed(['+ first[0]', '/ 0']),
  'maps-as-declared': changed(["outputs: 'image+pixel'", "outputs: 'image'"]),
  'maps-are-finite': changed(['maps: { height, width, data }', 'maps: { height, width, data: data.map(() => NaN) }']),
  'maps-lie-as-the-picture-does': changed(['data[image * plane + y * width + x] =', 'data[image * plane + x * width + y] =']),
  'batch-of-one': changed([
    'const plane = height * width',
    "const plane = height * width\n    if (count === 1) throw new RangeError('a batch has several')",
  ]),
  'unfitted-is-an-error': changed([
    'if (this.fitted === null) throw',
    'if (this.fitted === null) return { mean: [0], gain: 1, first: [0] }\n    if (this.fitted === undefined) throw',
  ]),
  'same-seed-same-bytes': changed(["this.context.random.stream('gain').uniform()", 'Math.random()']),
  'threads-do-not-matter': changed(['gain: 1 +', 'gain: this.context.threads +']),
  'batch-does-not-matter': changed(['+ first[0]', '+ data[0]']),
  'predictions-stay-as-they-are': changed(['new Float32Array(count)', '(this.buffer ??= new Float32Array(64)).subarray(0, count)']),
  'keeps-no-borrowed-pixels': changed(['.pixels.slice()', '.pixels']),
  'progress-rises': changed(['fraction: epoch / EPOCHS', 'fraction: 1 - epoch / EPOCHS']),
  'stops-within-a-second': changed(['signal.throwIfAborted()', '']),
  'fit-twice-is-the-next-task': changed([
    'const saved =',
    "if (this.fitted !== null) throw new RangeError('fitted already')\n    const saved =",
  ]),
  'few-pictures': changed(['const saved =', "if (samples.length < 2) throw new RangeError('too few')\n    const saved ="]),
  'resumes-from-its-checkpoint': changed(['JSON.stringify({ epoch, sum })', 'JSON.stringify({ epoch, sum: sum.map(() => 0) })']),
  'can-be-disposed-of': changed(['async dispose() {', 'async dispose() {\n    this.fitted.mean.length = 0']),
  'fit-reads-what-it-declares': changed(['sum[pixel] +=', "sum[pixel] += sample.label === 'anomalous' ? 0 :"]),
  'predict-sees-pixels-only': changed([
    'const { count, height, width, pixels } = batch',
    'const { count, height, width, pixels, paths } = batch',
  ]),
  'leaves-pixels-alone': changed(['return { scores, maps', 'pixels.fill(0)\n    return { scores, maps']),
  'leaves-parameters-alone': changed(['this.given = given', 'given.norm = given.norm.toLowerCase()\n    this.given = given']),
  'opens-declared-backbones': changed(['context.backbone(given.backbone)', "context.backbone('one of my own')"]),
  'textures-are-optional': changed(['await readdir(context.textureDirectory)', 'await context.textureDirectory.list()']),
  'measured-parts-do-not-nest': changed([
    "this.context.measure('map', async () => {",
    "this.context.measure('map', async () => {\n      await this.context.measure('score', async () => undefined)",
  ]),
  'every-parameter-runs': changed(["this.given.norm === 'l2' ? distance * distance", "this.given.norm === 'l2' ? distance.squared()"]),
  'every-size-runs': changed(['const saved =', "if (plane < 500) throw new RangeError('too small')\n    const saved ="]),
  // In the other process only: here it would be the test's own output.
  'prints-nothing': changed([
    'const saved =',
    "if (this.context.workDirectory.endsWith('fit')) process.stdout.write('fitting')\n    const saved =",
  ]),
  'loads-in-a-new-process': changed(['JSON.stringify({ mean, gain, first', 'JSON.stringify({ mean, gain: 1, first']),
  'learns-on-after-loading': changed(['gain: 1 +', 'gain: (this.fits = (this.fits ?? 0) + 1) +']),
  'saves-inside-its-folder': changed([
    "join(directory, 'model.json'), JSON",
    "join(directory, '..', 'log.json'), '')\n    await writeFile(join(directory, 'model.json'), JSON",
  ]),
  'saves-data-only': changed([
    "join(directory, 'model.json'), JSON",
    "join(directory, 'model.py'), 'print(1)')\n    await writeFile(join(directory, 'model.json'), JSON",
  ]),
  'refuses-an-empty-folder': changed(["'utf8'))", "'utf8').catch(() => 'null'))"]),
}

describeBroken(SOUND, [...packageChecks, { id: 'loads' }, ...algorithmChecks], BROKEN, ['maps-are-finite', 'maps-lie-as-the-picture-does'])

const READING_MASKS = ['sum[pixel] +=', 'sum[pixel] += sample.mask[pixel] === 1 ? 0 :'] as const

it('a sound algorithm may read the labels and masks that it declares, and no others', async () => {
  const pixelLabels = await resultsOf(SOUND, changed(["supervision: 'none'", "supervision: 'pixel-labels'"], READING_MASKS))
  expect(pixelLabels.filter(({ status }) => status !== 'pass')).toEqual([])
  const noMask = ['sample.mask[pixel]', 'sample.mask?.[pixel]'] as const
  await expectCaught(
    SOUND,
    'fit-reads-what-it-declares',
    changed(["supervision: 'none'", "supervision: 'image-labels'"], READING_MASKS, noMask),
    [],
  )
})

it('a sound algorithm without maps passes what applies to it', async () => {
  const results = await resultsOf(SOUND, changed(["outputs: 'image+pixel'", "outputs: 'image'"], [', maps: { height, width, data }', '']))
  expect(results.filter(({ status }) => status !== 'pass').map(({ check, reason }) => [check, reason])).toEqual([
    ['maps-are-finite', 'it makes no maps'],
    ['maps-lie-as-the-picture-does', 'it makes no maps'],
  ])
})
