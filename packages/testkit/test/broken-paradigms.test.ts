import { expect, it } from 'vitest'
import { paradigmChecks } from '../dist/index.js'
import { changed, describeBroken } from './support/describe-broken.ts'
import { resultsOf } from './support/expect-caught.ts'
import type { PackageChange } from './support/plugin-package.ts'
import { withoutShared } from './support/without-shared.ts'

const BROKEN: Readonly<Record<string, PackageChange>> = {
  plans: changed(['if (train.length === 0 || tested.length === 0)', 'if (true)']),
  'trains-on-something': changed(['train: train.map(itemOf)', 'train: own.length > 20 ? [] : train.map(itemOf)']),
  'tests-something': changed(['evaluate: [{', 'evaluate: own.length > 20 ? [] : [{']),
  'names-samples-that-exist': changed(['tested.map((sample) => sample.id)', "[...tested.map((sample) => sample.id), 'nobody']"]),
  'keeps-to-its-scope': changed(['samples.filter((sample) => sample.category !== category && ', 'samples.filter((sample) => ']),
  'does-not-leak': changed(['new Set(tested.flatMap(keysOf))', 'new Set()']),
  'keeps-copies-on-one-side': changed(['[sha256, group, copyOf]', '[sha256, group]']),
  'is-sound-by-default': changed(['leaky: null', "leaky: 'parts are shared on purpose'"]),
  'labels-are-labels': changed(['({ id, label, mask: false })', "({ id, label: label === 'normal' ? 'good' : 'bad', mask: false })"]),
  'too-few-samples-are-an-error': changed(['train.length === 0 || ', '']),
  'every-parameter-plans': changed(["keep === 'half' ? random", "keep === 'half' ? random.half"]),
  'same-request-same-protocol': changed(['const keysOf', 'let plans = 0\nconst keysOf'], ['notes: []', 'notes: [`plan ${plans++}`]']),
  'uses-no-clock-and-no-dice': changed(['notes: []', "notes: Math.random() > 2 ? ['lucky'] : []"]),
  'draws-from-streams': changed(['notes: []', 'notes: [`seed ${random.seed}`]']),
  'another-seed-keeps-the-tasks': changed([
    'task: category,\n          train',
    "task: `${category} ${random.stream('task').integer(1000)}`,\n          train",
  ]),
  'leaves-the-request-alone': changed([
    'const own = samples.filter',
    'samples.sort((a, b) => (a.category < b.category || (a.category === b.category && a.id < b.id) ? -1 : 1))\n    const own = samples.filter',
  ]),
  'other-categories-do-not-matter': changed([
    "random.stream('test').shuffle(normal)",
    'random.stream(`test ${samples.length}`).shuffle(normal)',
  ]),
  'is-plain-data': changed(['notes: []', 'notes: [],\n      more: undefined']),
}

describeBroken({ kind: 'paradigm', fixture: 'paradigm', id: 'sound' }, withoutShared(paradigmChecks), BROKEN)

it('a sound paradigm over the whole dataset passes what applies to it', async () => {
  const change = changed(
    ["scope: 'category'", "scope: 'dataset'"],
    ['samples.filter((sample) => sample.category === category)', 'samples'],
    ['auxiliary: others.map(itemOf)', 'auxiliary: []'],
    ['task: category', "task: 'everything'"],
  )
  const results = await resultsOf({ kind: 'paradigm', fixture: 'paradigm', id: 'sound' }, change)
  const rest = results.filter(({ status }) => status !== 'pass')
  expect(rest.map(({ check, status, reason }) => [check, status, reason])).toEqual([
    ['keeps-to-its-scope', 'skip', 'its scope is the whole dataset'],
    ['other-categories-do-not-matter', 'skip', 'its scope is the whole dataset'],
  ])
})
