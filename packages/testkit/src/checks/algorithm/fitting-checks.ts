import { isImIadError, type FitProgress, type FitRequest } from '@im-iad/core'
import { defineCheck, describeThrown, violates, type Check } from '../../check.ts'
import { differenceInBytes } from '../../compare-predictions.ts'
import { auxiliaryInput, trainingInput } from '../../fixtures/algorithm-input.ts'
import { trainingSamples, type OnRead } from '../../fixtures/training-samples.ts'
import type { AlgorithmSubject, Model } from '../../subjects/algorithm-subject.ts'

/** How soon fit must end after it was told to, in milliseconds. */
const CANCELLATION_LIMIT = 1000

/** How fit behaves towards the runner. */
export const fittingChecks: readonly Check<AlgorithmSubject>[] = [
  defineCheck({
    id: 'progress-rises',
    why: 'The progress bar and the estimate of the time left are made of it.',
    fix: 'report fractions in [0, 1] that never fall within one fit, with a text for "stage"',
    requires: ['fits-and-predicts'],
    async run({ create }) {
      const { instance, request } = await create()
      const reports: FitProgress[] = []
      await instance.fit(request({ onProgress: (progress) => void reports.push({ ...progress }) }))
      for (const [index, { fraction, stage }] of reports.entries()) {
        if (!(fraction >= 0 && fraction <= 1)) violates(`it reports a fraction of ${fraction}`)
        const before = reports[index - 1]?.fraction ?? 0
        if (fraction < before) violates(`it reports ${fraction} after ${before}`)
        if (typeof stage !== 'string' || stage === '') violates('it reports progress without a stage')
      }
    },
  }),
  defineCheck({
    id: 'stops-within-a-second',
    why: 'Ctrl-C must stop a run at once, whatever the algorithm is doing.',
    fix: 'call signal.throwIfAborted() between batches and in every long loop, and hand the signal on',
    requires: ['fits-and-predicts'],
    async run(subject) {
      const before = new AbortController()
      before.abort(new Error('stopped before it began'))
      await expectStop(subject, before, () => ({}))
      const reading = new AbortController()
      await expectStop(subject, reading, ({ size }) => {
        const onRead: OnRead = () => reading.abort(new Error('stopped at the first picture'))
        return { samples: trainingSamples(trainingInput(subject.plugin, size), size, onRead) }
      })
      const halfway = new AbortController()
      const onProgress = ({ fraction }: FitProgress): void => {
        if (fraction >= 0.5) halfway.abort(new Error('stopped when it had come half way'))
      }
      // What little is left may be finished instead.
      await expectStop(subject, halfway, () => ({ onProgress }), 'or finished')
    },
  }),
  defineCheck({
    id: 'fit-twice-is-the-next-task',
    why: 'In continual learning fit is called again on the same model, with another task.',
    fix: 'make a second fit work: replace what was learnt or add to it, as the README says',
    requires: ['fits-and-predicts'],
    async run({ plugin, create }) {
      const { instance, request, batch, size } = await create()
      await instance.fit(request())
      const samples = trainingSamples(trainingInput(plugin, size, 300), size)
      const auxiliary = trainingSamples(auxiliaryInput(plugin, size), size)
      await instance.fit(request({ task: 'another part', samples, auxiliary }))
      const { scores } = await instance.predict(batch([0, 1]))
      if (scores.length < 2) violates('after the second fit it returns no scores')
    },
  }),
  defineCheck({
    id: 'few-pictures',
    why: 'Few-shot learning trains on a single picture, and a folder may turn out empty.',
    fix: 'fit on one picture, or throw an ImIadError that says how many are needed; throw one for none',
    requires: ['fits-and-predicts'],
    async run({ plugin, create }) {
      const one = await create()
      const [first] = trainingInput(plugin, one.size)
      const samples = trainingSamples(first === undefined ? [] : [first], one.size)
      const fits = await clearly('one training picture', () => one.instance.fit(one.request({ samples })))
      if (fits) await one.instance.predict(one.batch([0, 1]))
      const none = await create()
      const fitted = await clearly('no training picture', () =>
        none.instance.fit(none.request({ samples: trainingSamples([], none.size) })),
      )
      if (fitted) violates('it fits on no picture at all')
    },
  }),
  defineCheck({
    id: 'resumes-from-its-checkpoint',
    why: 'A run that was killed goes on from the last checkpoint and must give the record of an undisturbed one.',
    fix: 'put all state that training depends on into the checkpoint: weights, optimiser, random streams, the place in the data',
    requires: ['same-seed-same-bytes'],
    async run(subject) {
      const stop = new AbortController()
      const kept: { bytes: Uint8Array | null } = { bytes: null }
      const interrupted = await subject.create()
      const saveOnce = (bytes: Uint8Array): Promise<void> => {
        kept.bytes ??= bytes.slice()
        stop.abort(new Error('stopped after the first checkpoint'))
        return Promise.resolve()
      }
      const checkpoint = { load: () => Promise.resolve(null), save: saveOnce }
      await interrupted.instance.fit(interrupted.request({ checkpoint, signal: stop.signal })).catch((error: unknown) => {
        if (error !== stop.signal.reason) throw error
      })
      if (kept.bytes === null) return
      const resumed = await subject.create()
      const saved = { load: () => Promise.resolve(kept.bytes), save: () => Promise.resolve() }
      await resumed.instance.fit(resumed.request({ checkpoint: saved }))
      const difference = differenceInBytes(await subject.prediction(), await resumed.instance.predict(resumed.batch()))
      if (difference !== null) violates(`undisturbed and resumed from a checkpoint: ${difference}`)
    },
  }),
  defineCheck({
    id: 'can-be-disposed-of',
    why: 'The runner disposes of every model, fitted or not: when fit fails, an error there would hide the first one.',
    fix: 'let dispose resolve in every state',
    requires: ['fits-and-predicts'],
    async run({ create }) {
      const unfitted = await create()
      await unfitted.instance.dispose().catch((error: unknown) => violates(`dispose of an unfitted model throws ${describeThrown(error)}`))
      const fitted = await create()
      await fitted.instance.fit(fitted.request())
      await fitted.instance.dispose().catch((error: unknown) => violates(`dispose of a fitted model throws ${describeThrown(error)}`))
    },
  }),
]

async function expectStop(
  { create }: AlgorithmSubject,
  stop: AbortController,
  change: (model: Model) => Partial<FitRequest>,
  ending: 'stopped' | 'or finished' = 'stopped',
): Promise<void> {
  const model = await create()
  let stopped: number | null = stop.signal.aborted ? performance.now() : null
  stop.signal.addEventListener('abort', () => (stopped = performance.now()))
  const outcome = await model.instance.fit(model.request({ signal: stop.signal, ...change(model) })).then(
    () => 'finished' as const,
    (error: unknown) => ({ error }),
  )
  if (stopped === null) return
  const milliseconds = performance.now() - stopped
  const { message }: Error = stop.signal.reason
  if (outcome === 'finished' && ending === 'stopped') violates(`fit went on to its end although it was ${message}`)
  if (outcome !== 'finished' && outcome.error !== stop.signal.reason)
    violates(`${message}, fit threw ${describeThrown(outcome.error)} and not the signal's reason`)
  if (milliseconds > CANCELLATION_LIMIT) violates(`${message}, fit took ${Math.round(milliseconds)} ms to end`)
}

/** Whether a call goes through; refusing by an ImIadError is as good. */
async function clearly(what: string, call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call()
    return true
  } catch (error) {
    if (isImIadError(error)) return false
    return violates(`with ${what} it throws ${describeThrown(error)}, not an ImIadError`)
  }
}
