import { isAbsolute, relative } from 'node:path'
import type { Sample } from '@im-iad/core'
import { defineCheck, violates, type Check } from '../../check.ts'
import { comparableSamples } from '../../comparable-samples.ts'
import { readAll, type DatasetSubject } from '../../subjects/dataset-subject.ts'

/** What a dataset says of its samples. */
export const sampleChecks: readonly Check<DatasetSubject>[] = [
  defineCheck({
    id: 'ids-are-unique',
    why: 'Splits, scores and reports name samples by their id.',
    fix: 'make ids unique over all categories: the path from the data root, with "/" and without the extension',
    requires: ['opens'],
    async run(subject) {
      const seen = new Set<string>()
      for (const { id } of await allSamples(subject)) {
        if (typeof id !== 'string' || id === '') violates('a sample has no id')
        if (seen.has(id)) violates(`two samples have the id "${id}"`)
        seen.add(id)
      }
    },
  }),
  defineCheck({
    id: 'ids-are-sorted',
    why: 'The order of the samples is what seeded draws go by: it must be the same on every machine.',
    fix: 'sort the samples of each category by id, by code units (a < b), not by a locale',
    requires: ['opens'],
    async run({ samples }) {
      for (const { category, samples: own } of await samples())
        for (const [index, { id }] of own.entries()) {
          const next = own[index + 1]
          if (next !== undefined && next.id < id) violates(`in category "${category}", "${id}" stands before "${next.id}"`)
        }
    },
  }),
  defineCheck({
    id: 'ids-are-portable',
    why: 'A split that is replayed on another machine finds its samples by id.',
    fix: 'build ids from names below the data root, with "/" on every platform',
    requires: ['opens'],
    async run(subject) {
      const root = await subject.root()
      for (const { id } of await allSamples(subject)) {
        if (id.includes('\\')) violates(`the id "${id}" holds a backslash`)
        if (isAbsolute(id) || (root !== null && id.includes(root))) violates(`the id "${id}" says where the data lies`)
      }
    },
  }),
  defineCheck({
    id: 'samples-are-of-their-category',
    why: 'An experiment on one category must not see samples of another.',
    fix: 'give from samples(category) those with this category, and all of them',
    requires: ['opens'],
    async run({ samples }) {
      for (const { category, samples: own } of await samples()) {
        if (own.length === 0) violates(`category "${category}" has no samples`)
        const stray = own.find((sample) => sample.category !== category)
        if (stray !== undefined) violates(`samples("${category}") gives "${stray.id}" of category "${stray.category}"`)
      }
    },
  }),
  defineCheck({
    id: 'samples-can-be-asked-for-again',
    why: 'An open dataset is asked for the samples of a category more than once.',
    fix: 'give the same samples each time; hand out no iterator that is used up',
    requires: ['opens'],
    async run({ open }) {
      const dataset = await open()
      const [first, second] = [comparableSamples(await readAll(dataset)), comparableSamples(await readAll(dataset))]
      if (first.join() !== second.join()) violates('asked twice, it gives different samples')
    },
  }),
  defineCheck({
    id: 'labels-and-masks-agree',
    why: 'A normal sample with a mask, or a misspelt label, turns into wrong numbers without an error.',
    fix: 'label every sample normal or anomalous; give defect, family and masks to anomalous ones only',
    requires: ['opens'],
    async run(subject) {
      for (const sample of await allSamples(subject)) {
        const fault = labelFault(sample)
        if (fault !== null) violates(`"${sample.id}" ${fault}`)
      }
    },
  }),
  defineCheck({
    id: 'splits-are-whole',
    why: 'Where some samples of a category have a published split and others none, the others are neither trained on nor tested.',
    fix: 'give each sample of a category its published split (train, validation or test), or all of them null',
    requires: ['opens'],
    async run({ samples }) {
      for (const { category, samples: own } of await samples()) {
        const wrong = own.find(({ split }) => split !== null && split !== 'train' && split !== 'validation' && split !== 'test')
        if (wrong !== undefined) violates(`"${wrong.id}" has the split ${JSON.stringify(wrong.split)}`)
        const without = own.find(({ split }) => split === null)
        if (without !== undefined && own.some(({ split }) => split !== null))
          violates(`in category "${category}", "${without.id}" has no split while others have one`)
      }
    },
  }),
  defineCheck({
    id: 'groups-stay-together',
    why: 'A group is one physical part: tested on what was trained on, every number is too good.',
    fix: 'correct the groups, or publish no split (null) and leave the drawing to the paradigm',
    requires: ['opens'],
    async run(subject) {
      const sides = new Map<string, Sample>()
      for (const sample of await allSamples(subject)) {
        if (sample.group === undefined || sample.split === null) continue
        const key = `${sample.category}/${sample.group}`
        const other = sides.get(key) ?? sample
        if ((other.split === 'test') !== (sample.split === 'test'))
          violates(`group "${sample.group}" is in ${other.split} ("${other.id}") and in ${sample.split} ("${sample.id}")`)
        sides.set(key, other)
      }
    },
  }),
  defineCheck({
    id: 'files-lie-below-the-root',
    why: 'A manifest from the internet must not make the command read files from elsewhere on the machine.',
    fix: 'resolve paths against the data root, and refuse those that lead out of it',
    requires: ['opens'],
    skip: ({ plugin }) => (plugin.source === 'generated' ? 'it reads no files' : null),
    async run(subject) {
      const root = await subject.root()
      for (const { id, image, masks } of await allSamples(subject))
        for (const source of [image, ...masks.map((mask) => mask.image)]) {
          if (source.kind !== 'file' || root === null) continue
          const inside = isAbsolute(source.path) && !relative(root, source.path).startsWith('..')
          if (!inside) violates(`"${id}" reads ${source.path}, which is not below ${root}`)
        }
    },
  }),
]

async function allSamples({ samples }: DatasetSubject): Promise<readonly Sample[]> {
  return (await samples()).flatMap((one) => one.samples)
}

function labelFault({ label, defect, family, masks }: Sample): string | null {
  if (label !== 'normal' && label !== 'anomalous') return `has the label ${JSON.stringify(label)}`
  if (label === 'normal' && masks.length > 0) return 'is normal and has a mask'
  if (label === 'normal' && defect !== undefined) return `is normal and has the defect "${defect}"`
  if (defect === '') return 'has a defect without a name'
  if (family !== undefined && family !== 'structural' && family !== 'logical') return `has the family ${JSON.stringify(family)}`
  const area = masks.find(({ saturationArea }) => saturationArea !== undefined && !(saturationArea > 0 && saturationArea < Infinity))
  return area === undefined ? null : `has the saturation area ${area.saturationArea}`
}
