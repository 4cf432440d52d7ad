import { isImIadError, type Prediction } from '@im-iad/core'
import { defineCheck, describeThrown, violates, type Check } from '../../check.ts'
import { TEST_COUNT } from '../../fixtures/algorithm-input.ts'
import type { AlgorithmSubject } from '../../subjects/algorithm-subject.ts'

/** What a prediction looks like. */
export const predictionChecks: readonly Check<AlgorithmSubject>[] = [
  defineCheck({
    id: 'fits-and-predicts',
    why: 'This is what an algorithm is for: fit on a few pictures at budget smoke, then predict others.',
    fix: 'make create, fit and predict work at budget smoke with a handful of pictures',
    requires: ['budgets-resolve', 'input-is-a-geometry'],
    async run({ prediction }) {
      const { scores }: { readonly scores: unknown } = await prediction()
      if (!(scores instanceof Float32Array)) violates('"scores" is not a Float32Array')
    },
  }),
  defineCheck({
    id: 'scores-one-per-picture',
    why: 'Scores and pictures are matched by their place in the batch.',
    fix: 'return a Float32Array with one score per picture, in the order of the batch',
    requires: ['fits-and-predicts'],
    async run({ prediction }) {
      const { scores } = await prediction()
      if (scores.length !== TEST_COUNT) violates(`${scores.length} scores for ${TEST_COUNT} pictures`)
    },
  }),
  defineCheck({
    id: 'scores-are-finite',
    why: 'A score that is NaN or infinite makes every metric of the experiment meaningless; the runner refuses it.',
    fix: 'find where the number overflows or divides by zero; never replace it by a made-up one',
    requires: ['fits-and-predicts'],
    async run({ prediction }) {
      const { scores } = await prediction()
      const wrong = scores.findIndex((score) => !Number.isFinite(score))
      if (wrong >= 0) violates(`score ${wrong} is ${scores[wrong]}`)
    },
  }),
  defineCheck({
    id: 'maps-as-declared',
    why: 'The runner brings the maps to the evaluation frame by the size they say they have.',
    fix: 'return "maps" exactly when "outputs" is "image+pixel": a Float32Array of count x height x width values',
    requires: ['fits-and-predicts'],
    async run({ plugin, prediction }) {
      const { maps } = await prediction()
      if (plugin.outputs === 'image') {
        if (maps !== undefined) violates('it returns maps but declares outputs "image"')
        return
      }
      if (maps === undefined) return violates('it declares outputs "image+pixel" but returns no maps')
      const { data, height, width } = maps
      if (!((data as unknown) instanceof Float32Array)) violates('"maps.data" is not a Float32Array')
      if (![height, width].every((size) => Number.isInteger(size) && size >= 1)) violates(`its maps are ${width}x${height}`)
      if (data.length !== TEST_COUNT * height * width) violates(`${data.length} values for ${TEST_COUNT} maps of ${width}x${height}`)
    },
  }),
  defineCheck({
    id: 'maps-are-finite',
    why: 'A map value that is NaN or infinite makes every pixel metric meaningless; the runner refuses it.',
    fix: 'find where the number overflows or divides by zero; never replace it by a made-up one',
    requires: ['maps-as-declared'],
    skip: withoutMaps,
    async run({ prediction }) {
      const { data } = mapsOf(await prediction())
      const wrong = data.findIndex((value) => !Number.isFinite(value))
      if (wrong >= 0) violates(`map value ${wrong} is ${data[wrong]}`)
    },
  }),
  defineCheck({
    id: 'maps-lie-as-the-picture-does',
    why: 'A map that is turned or mirrored marks defects where there are none, and looks merely weak in the tables.',
    fix: 'keep rows for y and columns for x from the picture to the map; the first value belongs to the upper left corner',
    requires: ['maps-are-finite'],
    skip: withoutMaps,
    async run({ fitted }) {
      const { instance, batch } = await fitted()
      const damaged = batch([0, 1])
      const { height, width } = damaged
      const [rows, columns] = [Math.floor(height / 2), Math.floor(width / 2)]
      for (let y = Math.floor(rows / 4); y < rows - rows / 4; y++)
        damaged.pixels.fill(255, (y * width + width - Math.floor((3 * columns) / 4)) * 3, (y * width + width - Math.floor(columns / 4)) * 3)
      const sound = mapsOf(structuredClone(await instance.predict(batch([0, 1]))))
      const marked = mapsOf(await instance.predict(damaged))
      const change = sound.data.map((value, index) => Math.abs(value - marked.data[index]))
      const quarters = meanByQuarter(change, marked)
      const strongest = Object.entries(quarters).reduce((best, quarter) => (quarter[1] > best[1] ? quarter : best))
      if (strongest[1] > quarters['upper right'] * 1.5)
        violates(`a picture that changes in its upper right quarter changes the map most in its ${strongest[0]} quarter`)
    },
  }),
  defineCheck({
    id: 'batch-of-one',
    why: 'The last batch of a category often holds a single picture, and so does a picture from a camera.',
    fix: 'make predict work with count 1',
    requires: ['fits-and-predicts'],
    async run({ fitted }) {
      const { instance, batch } = await fitted()
      const { scores, maps } = await instance.predict(batch([0]))
      if (scores.length < 1) violates('it returns no score')
      if (maps !== undefined && maps.data.length < maps.height * maps.width) violates('its map is incomplete')
    },
  }),
  defineCheck({
    id: 'unfitted-is-an-error',
    why: 'Numbers of a model that was never fitted look like results.',
    fix: 'throw an ImIadError from predict and save until fit or load was called',
    requires: ['budgets-resolve', 'input-is-a-geometry'],
    async run({ create, scratch }) {
      const { instance, batch } = await create()
      await refuses('predict', () => instance.predict(batch([0])))
      const folder = await scratch()
      await refuses('save', () => instance.save(folder))
    },
  }),
]

function withoutMaps({ plugin }: AlgorithmSubject): string | null {
  return plugin.outputs === 'image' ? 'it makes no maps' : null
}

function mapsOf({ maps }: Prediction): NonNullable<Prediction['maps']> {
  return maps ?? violates('it returns no maps')
}

type Quarter = 'upper left' | 'upper right' | 'lower left' | 'lower right'

function meanByQuarter(
  values: Float32Array,
  { height, width }: { readonly height: number; readonly width: number },
): Record<Quarter, number> {
  const sums: Record<Quarter, number> = { 'upper left': 0, 'upper right': 0, 'lower left': 0, 'lower right': 0 }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      sums[`${y < height / 2 ? 'upper' : 'lower'} ${x < width / 2 ? 'left' : 'right'}`] += values[y * width + x]
  return sums
}

async function refuses(what: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call()
  } catch (error) {
    if (!isImIadError(error)) violates(`${what} before fit throws ${describeThrown(error)}, not an ImIadError`)
    return
  }
  violates(`${what} before fit goes through`)
}
