import { isDeepStrictEqual } from 'node:util'
import { BUDGETS, type ImageBatch } from '@im-iad/core'
import { defineCheck, violates, type Check } from '../../check.ts'
import { deepFreeze } from '../../deep-freeze.ts'
import { auxiliaryInput, inputSize, trainingInput } from '../../fixtures/algorithm-input.ts'
import { standInBackbone } from '../../fixtures/block-backbone.ts'
import { backboneModule, openTrainable } from '../../fixtures/open-backbone.ts'
import { writeTextures } from '../../fixtures/textures.ts'
import { trainingSamples } from '../../fixtures/training-samples.ts'
import { parameterValues } from '../../parameter-values.ts'
import type { AlgorithmSubject } from '../../subjects/algorithm-subject.ts'

/** The largest input that sizes are tried with: 512 x 512. */
const LARGEST_AREA = 512 * 512

/** What an algorithm does with what it is given. */
export const inputChecks: readonly Check<AlgorithmSubject>[] = [
  defineCheck({
    id: 'fit-reads-what-it-declares',
    why: 'An algorithm that looks at labels or masks it did not declare is compared with those that cannot.',
    fix: 'declare it in "supervision", or do not read label, mask and category',
    requires: ['fits-and-predicts'],
    async run({ plugin, create }) {
      const { supervision, needs } = plugin
      const allowed = [
        'pixels',
        'width',
        'height',
        'count',
        ...(supervision === 'none' ? [] : ['label']),
        ...(supervision === 'pixel-labels' ? ['mask'] : []),
      ]
      const { instance, request, size } = await create()
      const read = new Set<string>()
      const watched = <Item extends object>(items: readonly Item[], names: readonly string[]): readonly Item[] =>
        items.map((item) => watchReads(item, (name) => void (names.includes(name) || read.add(name))))
      const samples = trainingSamples(watched(trainingInput(plugin, size), allowed), size)
      const auxiliary = trainingSamples(watched(auxiliaryInput(plugin, size), [...allowed, 'category']), size)
      await instance.fit(request({ samples, auxiliary: needs.otherCategories === true ? auxiliary : trainingSamples([], size) }))
      if (read.size > 0) violates(`with supervision "${supervision}", fit reads ${[...read].join(', ')} of its samples`)
    },
  }),
  defineCheck({
    id: 'predict-sees-pixels-only',
    why: 'A prediction that depends on a label, a path or the task is no prediction. The runner hands over pixels and nothing else.',
    fix: 'read count, height, width and pixels of a batch, and nothing else',
    requires: ['fits-and-predicts'],
    async run({ fitted }) {
      const { instance, batch } = await fitted()
      const read = new Set<string>()
      const known: readonly string[] = ['count', 'height', 'width', 'pixels'] satisfies readonly (keyof ImageBatch)[]
      await instance.predict(watchReads(batch(), (name) => void (known.includes(name) || read.add(name))))
      if (read.size > 0) violates(`predict reads ${[...read].join(', ')} of its batch`)
    },
  }),
  defineCheck({
    id: 'leaves-pixels-alone',
    why: 'Decoded pictures are kept and handed out again: an algorithm that writes into them trains on something else the second time.',
    fix: 'copy pixels before changing them',
    requires: ['fits-and-predicts'],
    async run({ plugin, create }) {
      const { instance, request, batch, size } = await create()
      const [given, untouched] = [trainingInput(plugin, size), trainingInput(plugin, size)]
      await instance.fit(request({ samples: trainingSamples(given, size) }))
      if (given.some(({ pixels }, index) => !equalBytes(pixels, untouched[index].pixels)))
        violates('fit writes into the pixels of its samples')
      const tested = batch()
      await instance.predict(tested)
      if (!equalBytes(tested.pixels, batch().pixels)) violates('predict writes into the pixels of its batch')
    },
  }),
  defineCheck({
    id: 'leaves-parameters-alone',
    why: 'The parameters that were hashed are the ones that are used; they are shared between calls.',
    fix: 'copy the parameters before changing them',
    requires: ['fits-and-predicts'],
    async run({ create, parameters }) {
      const { instance, request, batch } = await create({ parameters: deepFreeze(structuredClone(parameters())) })
      await instance.fit(request())
      await instance.predict(batch([0, 1]))
    },
  }),
  defineCheck({
    id: 'opens-declared-backbones',
    why: 'A backbone that no parameter in "needs.backbones" names is not in the hash, and the runner does not open it.',
    fix: 'open only what those parameters hold: context.backbone(parameters.backbone)',
    requires: ['budgets-resolve', 'fits-and-predicts'],
    async run({ options, plugin, create, parameters, fitted }) {
      const given = parameters()
      const declared = (plugin.needs.backbones ?? []).map((name) => given[name])
      const asked = new Set<string>()
      const { instance, request, batch } = await create({
        openBackbone(reference) {
          asked.add(reference)
          return Promise.resolve(standInBackbone())
        },
        openTrainable(reference, wanted) {
          asked.add(reference)
          return openTrainable(backboneModule(options), reference, wanted)
        },
      })
      await instance.fit(request()).catch(async () => void (await fitted()))
      await instance.predict(batch([0, 1])).catch(() => undefined)
      const undeclared = [...asked].filter((reference) => !declared.includes(reference))
      if (undeclared.length > 0)
        violates(`it opens ${undeclared.map((name) => JSON.stringify(name)).join(', ')}, which no declared parameter holds`)
    },
  }),
  defineCheck({
    id: 'textures-are-optional',
    why: "A folder of textures is the user's to give or not.",
    fix: 'work without textures (context.textureDirectory is null), and with a folder of pictures',
    requires: ['fits-and-predicts'],
    skip: ({ plugin }) => (plugin.needs.textures === true ? null : 'it uses no textures'),
    async run({ create, scratch }) {
      const textureDirectory = await scratch()
      await writeTextures(textureDirectory)
      const { instance, request, batch } = await create({ textureDirectory })
      await instance.fit(request())
      await instance.predict(batch([0, 1]))
    },
  }),
  defineCheck({
    id: 'measured-parts-do-not-nest',
    why: 'Times of nested parts are counted twice in the record.',
    fix: 'call context.measure for one part after the other',
    requires: ['fits-and-predicts'],
    async run({ create }) {
      let nested = false
      const { instance, request, batch } = await create({ onNestedPart: () => void (nested = true) })
      await instance.fit(request())
      await instance.predict(batch())
      if (nested) violates('it measures one part within another')
    },
  }),
  defineCheck({
    id: 'every-parameter-runs',
    why: 'What a parameter declares to accept must work: users find out what does not only after hours.',
    fix: 'make each declared choice run at budget smoke, or take it out of the schema',
    requires: ['fits-and-predicts'],
    async run(subject) {
      for (const change of parameterValues(subject.plugin.parameters)) {
        const given = accepted(subject, change)
        // Sizes are the business of another check.
        if (given !== null && keepsInput(subject, given)) await fitAndPredict(subject, change, given)
      }
    },
  }),
  defineCheck({
    id: 'every-size-runs',
    why: 'The size of the input is a parameter: the smallest allowed one and those between must work, not only the default.',
    fix: 'state the sizes that work in the schema (minimum, multipleOf), and make those work',
    requires: ['fits-and-predicts'],
    async run(subject) {
      for (const change of sizeChanges(subject)) {
        const given = accepted(subject, change)
        if (given !== null) await fitAndPredict(subject, change, given)
      }
    },
  }),
  defineCheck({
    id: 'prints-nothing',
    why: 'Standard output holds results: a line that an algorithm prints breaks every program that reads them.',
    fix: 'use context.log, and quiet the libraries that print',
    requires: ['fits-and-predicts'],
    async run({ processReport }) {
      const { output, failure } = await processReport()
      if (failure !== null) violates(`in a process of its own it fails: ${failure}`)
      if (output !== '') violates(`it prints ${JSON.stringify(output.slice(0, 80))}`)
    },
  }),
]

type Given = Readonly<Record<string, unknown>>

/** The parameters with a change laid over them; `null` where the schema refuses the combination. */
function accepted({ parameters }: AlgorithmSubject, change: Given): Given | null {
  try {
    return parameters(change)
  } catch {
    return null
  }
}

function area({ plugin }: AlgorithmSubject, given: Given): number {
  const { width, height } = inputSize(plugin.input(given))
  return width * height
}

async function fitAndPredict({ create }: AlgorithmSubject, change: Given, parameters: Given): Promise<void> {
  const named = JSON.stringify(change)
  try {
    const { instance, request, batch } = await create({ parameters })
    await instance.fit(request())
    const { scores } = await instance.predict(batch([0, 1]))
    await instance.dispose()
    if (scores.length < 2) violates('it returns no scores')
  } catch (error) {
    violates(`with ${named} it fails: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
  }
}

/** Changes of parameters that change the input's size: the two smallest allowed sizes, and what the other budgets set. */
function sizeChanges(subject: AlgorithmSubject): readonly Given[] {
  const { plugin, parameters } = subject
  const ofBudgets = BUDGETS.flatMap((budget) => Object.entries(parameters({}, budget)).map(([name, value]) => ({ [name]: value })))
  return [...parameterValues(plugin.parameters, 2), ...ofBudgets].filter((change) => {
    const given = accepted(subject, change)
    return given !== null && area(subject, given) <= LARGEST_AREA && !keepsInput(subject, given)
  })
}

function keepsInput({ plugin, parameters }: AlgorithmSubject, given: Given): boolean {
  return isDeepStrictEqual(plugin.input(given), plugin.input(parameters()))
}

/** The same object; every property that is read and is not a well-known symbol is told. */
function watchReads<Watched extends object>(watched: Watched, onRead: (name: string) => void): Watched {
  return new Proxy(watched, {
    get(target, property, receiver) {
      if (typeof property === 'string' && property !== 'then') onRead(property)
      return Reflect.get(target, property, receiver)
    },
  })
}

function equalBytes(first: Uint8Array, second: Uint8Array): boolean {
  return Buffer.compare(first, second) === 0
}
