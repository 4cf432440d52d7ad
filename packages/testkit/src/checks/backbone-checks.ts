import { isImIadError, type FeatureExtractor, type FeatureMap } from '@im-iad/core'
import { defineCheck, describeThrown, violates, type Check } from '../check.ts'
import { firstDifference, largestMagnitude } from '../compare-predictions.ts'
import { batchFrom, damagedPicture, texturedPicture } from '../fixtures/pictures.ts'
import type { BackboneSubject } from '../subjects/backbone-subject.ts'
import { weightsChecks } from './backbone/weights-checks.ts'
import { trainableChecks } from './backbone/trainable-checks.ts'
import { pluginChecks } from './plugin-checks.ts'

/** How much features may differ with the batch, relative to the largest. */
const TOLERANCE = 1e-4

/** Everything that a backbone must do. */
export const backboneChecks: readonly Check<BackboneSubject>[] = [
  ...pluginChecks,
  defineCheck({
    id: 'normalization-is-declared',
    why: 'Pixels in the wrong scale cost up to 0.2 of AUROC, and nothing fails.',
    fix: "declare mean and standard deviation per channel, in units of 0…255; null only where they come with a file of the user's",
    run({ plugin }) {
      const { normalization, weights } = plugin
      if (normalization === null) {
        if (weights.kind !== 'file') violates(`"normalization" is null, but the weights are of kind "${weights.kind}"`)
        return
      }
      const { mean, std } = normalization
      if (mean.length !== 3 || !mean.every((value) => Number.isFinite(value))) violates(`its means are ${JSON.stringify(mean)}`)
      if (std.length !== 3 || !std.every((value) => value > 0 && value < Infinity))
        violates(`its standard deviations are ${JSON.stringify(std)}`)
    },
  }),
  defineCheck({
    id: 'levels-are-declared',
    why: 'Algorithms ask for levels by their stride: it must be known and unique.',
    fix: "declare each level with its channels and stride; leave them out only where they come with a file of the user's",
    run({ plugin }) {
      const { levels, weights } = plugin
      if (levels.length === 0 && weights.kind !== 'file') violates(`it declares no levels, but its weights are of kind "${weights.kind}"`)
      const strides = levels.map(({ stride }) => stride)
      if (new Set(strides).size < strides.length) violates(`two levels have one stride: ${strides.join(', ')}`)
      for (const { name, channels, stride } of levels)
        if (![channels, stride].every((value) => Number.isInteger(value) && value >= 1))
          violates(`level "${name}" has ${channels} channels at stride ${stride}`)
    },
  }),
  ...weightsChecks,
  defineCheck({
    id: 'opens',
    why: 'This is where everything begins; what was declared must be what is there.',
    fix: 'make open work without a network, and give the levels that the plugin declares',
    requires: ['levels-are-declared'],
    skip: ({ withoutWeights }) => withoutWeights,
    async run({ plugin, opened }) {
      const { levels, notes } = await opened()
      if (levels.length === 0) violates('opened, it has no levels')
      if (!Array.isArray(notes) || notes.some((note) => typeof note !== 'string')) violates('"notes" are not sentences')
      if (plugin.levels.length > 0 && describeLevels(levels) !== describeLevels(plugin.levels))
        violates(`opened, its levels are ${describeLevels(levels)}; declared are ${describeLevels(plugin.levels)}`)
    },
  }),
  defineCheck({
    id: 'features-fit-their-level',
    why: 'Algorithms place features on the picture by the stride.',
    fix: 'return for each stride asked for, in that order, float32 [count, height / stride, width / stride, channels]',
    requires: ['opens'],
    async run(subject) {
      const { height, width } = subject.size
      const extractor = await subject.opened()
      const wanted = extractor.levels.toReversed()
      const features = await extractFrom(
        subject,
        extractor,
        2,
        wanted.map(({ stride }) => stride),
      )
      if (features.length !== wanted.length) violates(`asked for ${wanted.length} levels, it gives ${features.length}`)
      for (const [index, { stride, channels }] of wanted.entries()) {
        const { level, height: rows, width: columns, data } = features[index]
        if (level.stride !== stride) violates(`asked for stride ${stride} in place ${index}, it gives stride ${level.stride}`)
        const fits = (cells: number, size: number): boolean => cells === Math.floor(size / stride) || cells === Math.ceil(size / stride)
        if (!fits(rows, height) || !fits(columns, width))
          violates(`at stride ${stride}, a picture of ${width}x${height} gives ${columns}x${rows} features`)
        if (!((data as unknown) instanceof Float32Array)) violates('"data" is not a Float32Array')
        if (data.length !== 2 * rows * columns * channels)
          violates(`at stride ${stride}, ${data.length} values for 2 pictures of ${columns}x${rows} features with ${channels} channels`)
      }
    },
  }),
  defineCheck({
    id: 'features-are-finite',
    why: 'One NaN among the features makes every score of the picture NaN.',
    fix: 'find where the number overflows or divides by zero',
    requires: ['features-fit-their-level'],
    async run(subject) {
      for (const { level, data } of await extractAll(subject, await subject.opened())) {
        const wrong = data.findIndex((value) => !Number.isFinite(value))
        if (wrong >= 0) violates(`at stride ${level.stride}, value ${wrong} is ${data[wrong]}`)
      }
    },
  }),
  defineCheck({
    id: 'same-picture-same-features',
    why: 'An experiment that is run again must give the same record, byte for byte.',
    fix: 'run the network in inference mode, with no random part and a fixed order of additions',
    requires: ['features-fit-their-level'],
    async run(subject) {
      const [first, again, anew] = [
        await extractAll(subject, await subject.opened()),
        await extractAll(subject, await subject.opened()),
        await extractAll(subject, await subject.open()),
      ]
      for (const [index, { level, data }] of first.entries())
        for (const [how, other] of [['extracted again', again] as const, ['opened anew', anew] as const]) {
          const difference = firstDifference(data, other[index].data, 0)
          if (difference !== null) violates(`${how}, at stride ${level.stride} value ${difference}`)
        }
    },
  }),
  defineCheck({
    id: 'batch-does-not-matter',
    why: "Who else is in the batch must not change a picture's features.",
    fix: 'normalise with the stored statistics, not with those of the batch',
    requires: ['same-picture-same-features'],
    async run(subject) {
      const extractor = await subject.opened()
      const strides = extractor.levels.map(({ stride }) => stride)
      const together = await extractFrom(subject, extractor, 3, strides)
      for (let picture = 0; picture < 3; picture++) {
        const alone = await extractor.extract(batchFrom([testPicture(picture, subject)], subject.size), strides)
        for (const [index, { level, data }] of together.entries()) {
          const plane = data.length / 3
          const allowed = (subject.options.batchTolerance ?? TOLERANCE) * largestMagnitude(data)
          const difference = firstDifference(data.subarray(picture * plane, (picture + 1) * plane), alone[index].data, allowed)
          if (difference !== null) violates(`picture ${picture} alone and among others, at stride ${level.stride}: value ${difference}`)
        }
      }
    },
  }),
  defineCheck({
    id: 'levels-do-not-depend-on-each-other',
    why: 'The same level must be the same whichever others are asked for with it.',
    fix: 'compute each level by itself; keep nothing of the last call',
    requires: ['same-picture-same-features'],
    async run(subject) {
      const extractor = await subject.opened()
      for (const { level, data } of await extractAll(subject, extractor)) {
        const [single] = await extractFrom(subject, extractor, 2, [level.stride])
        const difference = firstDifference(data, single?.data ?? [], 0)
        if (difference !== null) violates(`stride ${level.stride} alone and with the others: value ${difference}`)
      }
    },
  }),
  defineCheck({
    id: 'unknown-stride-is-an-error',
    why: 'A level that is not there must not be replaced by another.',
    fix: 'throw an ImIadError that names the strides there are',
    requires: ['opens'],
    async run(subject) {
      const extractor = await subject.opened()
      const unknown = 3 * Math.max(...extractor.levels.map(({ stride }) => stride)) + 1
      const error = await extractFrom(subject, extractor, 1, [unknown]).then(
        () => violates(`it gives features of stride ${unknown}`),
        (thrown: unknown) => thrown,
      )
      if (!isImIadError(error)) return violates(`for an unknown stride it throws ${describeThrown(error)}, not an ImIadError`)
      if (!extractor.levels.every(({ stride }) => error.message.includes(String(stride))))
        violates('its error for an unknown stride does not name the strides there are')
    },
  }),
  defineCheck({
    id: 'leaves-pixels-alone',
    why: 'The pixels of a batch belong to the runner.',
    fix: 'copy pixels before changing them',
    requires: ['opens'],
    async run(subject) {
      const extractor = await subject.opened()
      const batch = batchFrom([testPicture(0, subject)], subject.size)
      await extractor.extract(
        batch,
        extractor.levels.map(({ stride }) => stride),
      )
      if (Buffer.compare(batch.pixels, testPicture(0, subject)) !== 0) violates('extract writes into the pixels of its batch')
    },
  }),
  defineCheck({
    id: 'can-be-closed',
    why: 'A run opens and closes a backbone for every experiment.',
    fix: 'let dispose free what open took, without touching other open ones',
    requires: ['opens'],
    async run(subject) {
      const [kept, closed] = [await subject.open(), await subject.open()]
      await closed.dispose()
      await extractAll(subject, kept)
    },
  }),
  ...trainableChecks,
]

function describeLevels(levels: FeatureExtractor['levels']): string {
  return levels.map(({ name, channels, stride }) => `${name} (${channels} channels, stride ${stride})`).join(', ')
}

function testPicture(index: number, { size }: BackboneSubject): Uint8Array {
  return index % 2 === 0 ? texturedPicture(index, size) : damagedPicture(index, size)
}

function extractFrom(
  subject: BackboneSubject,
  extractor: FeatureExtractor,
  count: number,
  strides: readonly number[],
): Promise<readonly FeatureMap[]> {
  const pictures = Array.from({ length: count }, (_, index) => testPicture(index, subject))
  return extractor.extract(batchFrom(pictures, subject.size), strides)
}

/** All levels of two pictures. */
async function extractAll(subject: BackboneSubject, extractor: FeatureExtractor): Promise<readonly FeatureMap[]> {
  const features = await extractFrom(
    subject,
    extractor,
    2,
    extractor.levels.map(({ stride }) => stride),
  )
  return features.map((feature) => ({ ...feature, data: feature.data.slice() }))
}
