import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapAhead } from '../src/map-ahead.ts'
import { createMicroBatches } from '../src/micro-batches.ts'

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('mapAhead', () => {
  it('keeps the order and never works on more than it may', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }),
        fc.integer({ min: 0, max: 5 }),
        async (delays, ahead) => {
          let working = 0
          let most = 0
          const results = await collect(
            mapAhead(delays.entries(), ahead, async ([index, delay]) => {
              most = Math.max(most, ++working)
              await setTimeout(delay)
              working--
              return index
            }),
          )
          expect(results).toEqual(delays.map((_, index) => index))
          expect(most).toBeLessThanOrEqual(ahead + 1)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('passes a result on while the source still waits for its next item', async () => {
    let release = (): void => undefined
    const source = async function* (): AsyncGenerator<number> {
      yield 1
      await new Promise<void>((done) => {
        release = done
      })
      yield 2
    }
    const results = mapAhead(source(), 8, (item) => Promise.resolve(item * 10))
    expect(await results.next()).toEqual({ done: false, value: 10 })
    release()
    expect(await results.next()).toEqual({ done: false, value: 20 })
    expect((await results.next()).done).toBe(true)
  })

  it('passes a failure on in its turn and closes the source', async () => {
    let closed = false
    const source = function* (): Generator<number> {
      try {
        for (let item = 0; ; item++) yield item
      } finally {
        closed = true
      }
    }
    const results = mapAhead(source(), 3, (item) => (item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item)))
    expect((await results.next()).value).toBe(0)
    expect((await results.next()).value).toBe(1)
    await expect(results.next()).rejects.toThrow('two')
    expect(closed).toBe(true)
  })
})

describe('createMicroBatches', () => {
  it('works on what waits together, at most so many at once', async () => {
    const sizes: number[] = []
    const run = createMicroBatches<number, number>(4, async (items) => {
      sizes.push(items.length)
      await setTimeout(1)
      return items.map((item) => item * 2)
    })
    expect(await Promise.all(Array.from({ length: 10 }, (_, item) => run(item)))).toEqual(Array.from({ length: 10 }, (_, item) => item * 2))
    expect(sizes).toEqual([1, 4, 4, 1])
  })

  it('fails the batch that failed and goes on', async () => {
    const run = createMicroBatches<number, number>(1, (items) =>
      items[0] === 1 ? Promise.reject(new Error('one')) : Promise.resolve(items),
    )
    const results = await Promise.allSettled([0, 1, 2].map((item) => run(item)))
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })
})
