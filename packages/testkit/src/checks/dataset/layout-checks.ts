import { isImIadError } from '@im-iad/core'
import { defineCheck, describeThrown, violates, type Check } from '../../check.ts'
import { mirrorNames } from '../../fixtures/mirror-names.ts'
import { parameterValues } from '../../parameter-values.ts'
import { comparableSamples } from '../../comparable-samples.ts'
import { readAll, type DatasetSubject } from '../../subjects/dataset-subject.ts'

/** How a dataset finds its data. */
export const layoutChecks: readonly Check<DatasetSubject>[] = [
  defineCheck({
    id: 'missing-data-is-explained',
    why: 'The first thing that most users see of a dataset is that its data is not where they said.',
    fix: 'throw an ImIadError from open that names the folder that was looked at, what was expected in it, and where to get it',
    skip: ({ plugin }) => (plugin.source === 'generated' ? 'it reads no files' : null),
    async run({ open, scratch }) {
      const folder = await scratch()
      const error = await open(folder).then(
        () => violates('it opens an empty folder'),
        (thrown: unknown) => thrown,
      )
      if (!isImIadError(error)) return violates(`for an empty folder it throws ${describeThrown(error)}, not an ImIadError`)
      if (!error.message.includes(folder)) violates('for an empty folder its error does not name the folder')
      if ((error.facts.problem ?? '') === '') violates('for an empty folder its error does not say what was expected ("problem")')
    },
  }),
  defineCheck({
    id: 'recognizes-its-layout',
    why: '--data-root may be the dataset\'s own folder or the one above it: "recognizes" tells which.',
    fix: 'let "recognizes" look for the layout right in the folder, by names only',
    skip: ({ plugin, withoutData }) => (plugin.source === 'generated' ? 'it reads no files' : withoutData),
    async run({ plugin, root }) {
      const folder = await root()
      if (folder !== null && !(await plugin.recognizes(folder))) violates(`it does not recognise ${folder}`)
    },
  }),
  defineCheck({
    id: 'recognizes-nothing-else',
    why: 'A dataset that takes any folder for its own hides the one that lies in a folder beside it.',
    fix: 'let "recognizes" resolve to false where the layout is not there, without throwing',
    skip: ({ plugin }) => (plugin.source === 'generated' ? 'it reads no files' : null),
    async run({ plugin, scratch }) {
      if (await plugin.recognizes(await scratch())) violates('it recognises an empty folder')
    },
  }),
  defineCheck({
    id: 'opens',
    why: 'This is what a dataset is for.',
    fix: 'make open and samples work for the data given, with the default parameters; categories are names that are not empty and differ',
    skip: ({ withoutData }) => withoutData,
    async run({ open }) {
      const { categories, warnings } = await open()
      if (categories.length === 0) violates('it has no category')
      if (new Set(categories).size < categories.length) violates(`its categories repeat: ${categories.join(', ')}`)
      if (categories.some((category) => typeof category !== 'string' || category === '')) violates('a category has no name')
      if (!Array.isArray(warnings) || warnings.some((warning) => typeof warning !== 'string' || warning === ''))
        violates('"warnings" is not a list of sentences')
    },
  }),
  defineCheck({
    id: 'unknown-category-is-an-error',
    why: 'A mistyped category must not look like an empty one.',
    fix: 'throw an ImIadError from samples for a category that is not in "categories", naming those that are',
    requires: ['opens'],
    async run({ open }) {
      const dataset = await open()
      const error = await dataset.samples('no such category').then(
        (samples) => violates(`for an unknown category it gives ${samples.length} samples`),
        (thrown: unknown) => thrown,
      )
      if (!isImIadError(error)) return violates(`for an unknown category it throws ${describeThrown(error)}, not an ImIadError`)
      if (!dataset.categories.some((category) => error.message.includes(category)))
        violates('its error for an unknown category names none of the known ones')
    },
  }),
  defineCheck({
    id: 'opens-the-same-twice',
    why: 'The dataset is opened by the plan and again by every experiment, on other machines too: both must see the same samples.',
    fix: 'sort what the file system gives, and draw no random numbers but from a seed among the parameters',
    requires: ['opens'],
    async run({ open, samples }) {
      const [first, second] = [comparableSamples(await samples()), comparableSamples(await readAll(await open()))]
      if (first.join() === second.join()) return
      const index = first.findIndex((sample, place) => sample !== second[place])
      violates(`opened twice, it gives different samples: ${first[index] ?? 'none'} and ${second[index] ?? 'none'}`)
    },
  }),
  defineCheck({
    id: 'opens-by-names-only',
    why: 'Opening is done for every plan; reading the pictures of a large dataset to list it takes minutes.',
    fix: 'read names (and small metadata files), not pictures, in open and samples; leave pixels to the readers',
    requires: ['opens'],
    skip: ({ plugin }) => (plugin.source === 'generated' ? 'it reads no files' : null),
    async run({ root, open, samples, scratch }) {
      const folder = await root()
      const mirror = await scratch()
      if (folder === null || !(await mirrorNames(folder, mirror))) return
      const [full, empty] = [await samples(), await readAll(await open(mirror))]
      const ids = (all: typeof full): string => all.flatMap((one) => one.samples.map(({ id, label }) => `${id} ${label}`)).join('\n')
      if (ids(full) !== ids(empty)) violates('where all pictures are empty files, it lists other samples')
    },
  }),
  defineCheck({
    id: 'every-parameter-opens',
    why: 'What a parameter declares to accept must work.',
    fix: 'make each declared choice open, or take it out of the schema',
    requires: ['opens'],
    async run({ plugin, root, parameters }) {
      const folder = await root()
      for (const change of parameterValues(plugin.parameters)) {
        const given = acceptedBy(() => parameters(change))
        if (given === null) continue
        try {
          await readAll(await plugin.open(folder, given))
        } catch (error) {
          // A value may ask for what this data does not have; then it must say so.
          if (!isImIadError(error)) violates(`with ${JSON.stringify(change)} it throws ${describeThrown(error)}`)
        }
      }
    },
  }),
  defineCheck({
    id: 'expected-counts-hold',
    why: 'The counts tell users whether their copy is complete.',
    fix: 'correct "expected", or the layout that is read',
    requires: ['samples-are-of-their-category'],
    skip: ({ options, plugin }) =>
      plugin.expected.length === 0
        ? 'it expects no counts'
        : options.dataIsComplete === true
          ? null
          : 'nobody said that the data is complete (dataIsComplete, --complete)',
    async run({ plugin, samples }) {
      const all = (await samples()).flatMap((one) => one.samples)
      for (const { count, category, split, label } of plugin.expected) {
        const found = all.filter(
          (sample) =>
            (category === undefined || sample.category === category) &&
            (split === undefined || sample.split === split) &&
            (label === undefined || sample.label === label),
        ).length
        const named = [category, split, label].filter((part) => part !== undefined).join(' ') || 'all'
        if (found !== count) violates(`${named}: ${found} samples where ${count} are expected`)
      }
    },
  }),
]

function acceptedBy<Given>(resolve: () => Given): Given | null {
  try {
    return resolve()
  } catch {
    return null
  }
}
