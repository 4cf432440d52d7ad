import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { createRandomSource } from '@im-iad/core'
import mtd from '@im-iad/datasets-mtd'

/** Magnetic Tile's pictures where they are, or `null`. */
export async function findMtd() {
  const root = resolve(process.env.IM_IAD_DATA ?? '../shared/data', 'mtd')
  if (!(await mtd.recognizes(root).catch(() => false))) return null
  const open = await mtd.open(root, {})
  const samples = await open.samples(open.categories[0])
  const of = (label) => samples.filter((sample) => sample.label === label)
  return { good: of('normal'), bad: of('anomalous') }
}

/**
 * A folder as a user has it, of links: `good/` and `bad/`, drawn by a seed. The rest is what can judge it: all other good pictures, those of tiles that are not in the
 * folder apart (only these are new parts), and the other bad ones.
 * @returns {{ folder: string, restGood: string[], otherTiles: Set<string>, restBad: string[] }}
 */
export function arrangeFolder({ good, bad }, { goodCount, badCount, seed, folder }) {
  const random = createRandomSource(seed, 'benchmark')
  const shuffledGood = random.stream('good').shuffle(good)
  const shuffledBad = random.stream('bad').shuffle(bad)
  rmSync(folder, { recursive: true, force: true })
  link(shuffledGood.slice(0, goodCount), join(folder, 'good'))
  link(shuffledBad.slice(0, badCount), join(folder, 'bad'))
  const tiles = new Set(shuffledGood.slice(0, goodCount).map((sample) => sample.group))
  const rest = shuffledGood.slice(goodCount)
  const otherTiles = new Set(rest.filter((sample) => !tiles.has(sample.group)).map(pathOf))
  return { folder, restGood: rest.map(pathOf), otherTiles, restBad: shuffledBad.slice(badCount).map(pathOf) }
}

/** Links to pictures, over and over, until there are so many. */
export function linkMany(samples, count, folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (let index = 0; index < count; index++)
    symlinkSync(pathOf(samples[index % samples.length]), join(folder, `${String(index).padStart(6, '0')}.jpg`))
}

function link(samples, folder) {
  mkdirSync(folder, { recursive: true })
  for (const sample of samples) symlinkSync(pathOf(sample), join(folder, basename(pathOf(sample))))
}

function pathOf(sample) {
  return sample.image.path
}
