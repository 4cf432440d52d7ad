import { createRandomSource, type BackbonePlugin, type ParameterValue, type TrainableBackbone } from '@im-iad/core'
import { defineCheck, violates, type Check } from '../../check.ts'
import type { BackboneSubject } from '../../subjects/backbone-subject.ts'

type State = Readonly<Record<string, ParameterValue>>

/** What a backbone's trainable form must do, as far as it can be told without a tensor engine. */
export const trainableChecks: readonly Check<BackboneSubject>[] = [
  defineCheck({
    id: 'trainable-form-keeps-its-state',
    why: 'A student that shares weights with another network, or comes back from its file as something else, learns nothing that means anything.',
    fix: 'make a network of its own in each call of train, draw a random start from the given stream only, and let write put back what read gave',
    requires: ['levels-are-declared'],
    skip: ({ plugin }) => (plugin.train === undefined ? 'it has no trainable form' : null),
    async run({ plugin }) {
      const opened = [await start(plugin, 0), await start(plugin, 0), await start(plugin, 1)].filter((network) => network !== null)
      try {
        if (opened.length === 3) await checkState(plugin, opened)
      } finally {
        for (const network of opened) network.dispose()
      }
    },
  }),
]

/** A random start needs no weights. */
async function start(plugin: BackbonePlugin, seed: number): Promise<TrainableBackbone | null> {
  const random = createRandomSource(seed, 'check').stream('student')
  return (await plugin.train?.({ weightsFile: null, threads: 1 }, { start: 'random', random, strides: [finestStride(plugin)] })) ?? null
}

const finestStride = ({ levels }: BackbonePlugin): number => Math.min(...levels.map(({ stride }) => stride))

async function checkState(plugin: BackbonePlugin, [first, same, other]: readonly TrainableBackbone[]): Promise<void> {
  const strides = first.levels.map(({ stride }) => stride)
  if (strides.at(-1) !== finestStride(plugin))
    violates(`asked for stride ${finestStride(plugin)}, its levels are of the strides ${strides.join(', ')}`)
  if (first.variables.size === 0) violates('it has nothing to train')
  const [begun, begunAgain, begunOtherwise] = [await first.read(), await same.read(), await other.read()]
  if (!areEqual(begun, begunAgain)) violates('two networks that begin with the same stream of random numbers differ')
  if (areEqual(begun, begunOtherwise)) violates('a network that begins with another stream of random numbers is the same')
  first.write(new Map(Object.entries(begunOtherwise)))
  if (!areEqual(await first.read(), begunOtherwise)) violates('write does not put back what read gave')
  if (!areEqual(await same.read(), begun)) violates('writing to one network changes another')
}

function areEqual(first: State, second: State): boolean {
  const names = Object.keys(first)
  return (
    names.length === Object.keys(second).length &&
    names.every((name) => {
      const [one, two] = [first[name], second[name]]
      return two !== undefined && one.shape.join() === two.shape.join() && one.data.every((value, index) => value === two.data[index])
    })
  )
}
