import { createHash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomSource, RandomStream } from '../contracts/random.ts'

/**
 * The random numbers of one experiment: every named stream is a xoroshiro128+ generator whose state is the first 128 bits of
 * SHA-256(`<seed>/<scope>/<name>`), so that a new draw in one stream never changes another.
 * @param scope - who draws: `paradigm`, `algorithm`
 */
export function createRandomSource(seed: number, scope: string): RandomSource {
  return { seed, stream: (name) => createStream(`${seed}/${scope}/${name}`) }
}

function createStream(key: string): RandomStream {
  const digest = createHash('sha256').update(key).digest()
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)))
  const uniform = (): number => uniformFloat64(generator)
  const integer = (below: number): number => {
    if (!Number.isInteger(below) || below < 1 || below > 2 ** 31) throw new RangeError(`integer(below): 1 to 2^31 expected, got ${below}`)
    return uniformInt(generator, 0, below - 1)
  }
  return {
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle: (items) => drawWithoutReplacement(items.length, items.length, integer).flatMap((index) => items.slice(index, index + 1)),
    sample: (below, count) => {
      if (!Number.isInteger(count) || count < 0 || count > below)
        throw new RangeError(`sample(${below}, ${count}): 0 to ${below} draws expected`)
      return drawWithoutReplacement(below, count, integer)
    },
  }
}

/** The first `count` places of a Fisher–Yates shuffle of [0, below); only the places that moved are kept. */
function drawWithoutReplacement(below: number, count: number, integer: (below: number) => number): number[] {
  const moved = new Map<number, number>()
  const drawn: number[] = []
  for (let place = 0; place < count; place++) {
    const chosen = place + integer(below - place)
    drawn.push(moved.get(chosen) ?? chosen)
    moved.set(chosen, moved.get(place) ?? place)
  }
  return drawn
}
