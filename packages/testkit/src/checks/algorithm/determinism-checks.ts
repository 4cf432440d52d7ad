import { defineCheck, violates, type Check } from '../../check.ts'
import { differenceInBytes, differenceOfPicture, pictureOf, type Closeness } from '../../compare-predictions.ts'
import { TEST_COUNT } from '../../fixtures/algorithm-input.ts'
import type { AlgorithmSubject, Model, ModelSetup } from '../../subjects/algorithm-subject.ts'
import type { Prediction } from '@im-iad/core'

/** How much two results may differ where nothing says that they are equal bit by bit. */
const TOLERANCE = 1e-4

/** What a prediction depends on, and what it must not depend on. */
export const determinismChecks: readonly Check<AlgorithmSubject>[] = [
  defineCheck({
    id: 'same-seed-same-bytes',
    why: 'An experiment that is run again must give the same record, byte for byte.',
    fix: 'draw all random numbers from context.random, in an order that does not depend on time',
    requires: ['fits-and-predicts'],
    async run(subject) {
      const difference = differenceInBytes(await subject.prediction(), await fitAndPredict(subject))
      if (difference !== null) violates(`fitted twice with one seed: ${difference}`)
    },
  }),
  defineCheck({
    id: 'threads-do-not-matter',
    why: 'The number of threads is not part of the hash of an experiment: numbers must not depend on it.',
    fix: 'hand context.threads to native libraries only, and use those that add up in a fixed order',
    requires: ['same-seed-same-bytes'],
    async run(subject) {
      const difference = differenceInBytes(await subject.prediction(), await fitAndPredict(subject, { threads: 2 }))
      if (difference !== null) violates(`fitted and predicted with one thread and with two: ${difference}`)
    },
  }),
  defineCheck({
    id: 'batch-does-not-matter',
    why: "Who else is in the batch, and in which order, must not change what a picture gets: batches are the runner's business.",
    fix: 'compute every picture by itself: no statistics over the batch, no state from one to the next (batch normalisation runs in inference mode)',
    requires: ['fits-and-predicts'],
    async run({ fitted, prediction, options }) {
      const model = await fitted()
      const together = await prediction()
      const closeness: Closeness = { tolerance: options.batchTolerance ?? TOLERANCE, scale: together }
      const all = Array.from({ length: TEST_COUNT }, (_, index) => index)
      for (const batches of [[all.toReversed()], [all.slice(0, 2), all.slice(2)], all.map((index) => [index])])
        for (const indices of batches) await compareBatch(model, indices, together, closeness)
    },
  }),
  defineCheck({
    id: 'predictions-stay-as-they-are',
    why: 'The runner keeps predictions while it asks for the next, and reuses the pixels of a batch.',
    fix: 'return arrays of their own from each predict, no views of a buffer that is used again or of the batch',
    requires: ['fits-and-predicts'],
    async run({ fitted }) {
      const { instance, batch } = await fitted()
      const given = batch([0, 1])
      const first = await instance.predict(given)
      const copy = structuredClone(first)
      given.pixels.fill(7)
      await instance.predict(batch([2, 3]))
      const difference = differenceInBytes(copy, first)
      if (difference !== null) violates(`a prediction changed after it was returned: ${difference}`)
    },
  }),
  defineCheck({
    id: 'keeps-no-borrowed-pixels',
    why: "The pixels that fit is handed are the runner's and may be overwritten once fit is over.",
    fix: 'copy what is kept of the training pictures',
    requires: ['same-seed-same-bytes'],
    async run(subject) {
      const model = await subject.create()
      const borrowed = new Set<Uint8Array>()
      const { samples, auxiliary } = model.request()
      await model.instance.fit(model.request({ samples: lend(samples, borrowed), auxiliary: lend(auxiliary, borrowed) }))
      for (const pixels of borrowed) for (let index = 0; index < pixels.length; index++) pixels[index] ^= 0xff
      const difference = differenceInBytes(await subject.prediction(), await model.instance.predict(model.batch()))
      if (difference !== null) violates(`overwriting the training pixels after fit changes what is predicted: ${difference}`)
    },
  }),
]

async function fitAndPredict({ create }: AlgorithmSubject, setup: ModelSetup = {}): Promise<Prediction> {
  const { instance, request, batch } = await create(setup)
  await instance.fit(request())
  return instance.predict(batch())
}

async function compareBatch(model: Model, indices: readonly number[], together: Prediction, closeness: Closeness): Promise<void> {
  const predicted = await model.instance.predict(model.batch(indices)).catch((error: unknown) => {
    // Whether a single picture can be predicted at all is the business of another check.
    if (indices.length === 1) return null
    throw error
  })
  if (predicted === null) return
  for (const [place, index] of indices.entries()) {
    const difference = differenceOfPicture(pictureOf(together, index), pictureOf(predicted, place), closeness)
    if (difference !== null)
      violates(`picture ${index} in a batch of ${together.scores.length} and in the batch [${indices.join(', ')}]: ${difference}`)
  }
}

type Samples = Parameters<Model['instance']['fit']>[0]['samples']

/** The same samples; every buffer that is handed out is noted. */
function lend(samples: Samples, borrowed: Set<Uint8Array>): Samples {
  const note = <Lent extends { readonly pixels: Uint8Array }>(lent: Lent): Lent => {
    borrowed.add(lent.pixels)
    return lent
  }
  return {
    length: samples.length,
    height: samples.height,
    width: samples.width,
    at: async (index) => note(await samples.at(index)),
    async *batches(size) {
      for await (const batch of samples.batches(size)) yield note(batch)
    },
    async *[Symbol.asyncIterator]() {
      for await (const sample of samples) yield note(sample)
    },
  }
}
