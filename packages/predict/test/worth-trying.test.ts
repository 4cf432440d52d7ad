import { describe, expect, it } from 'vitest'
import { pickAlgorithms } from '../src/trial/pick-algorithms.ts'
import { roughTime } from '../src/trial/rough-time.ts'
import { worthTrying, type TrialCandidate } from '../src/trial/worth-trying.ts'
import { registry } from './support/fit-small.ts'

const method = (id: string, smallSeconds: number, seconds: number = 6 * smallSeconds): TrialCandidate => ({ id, smallSeconds, seconds })

const triedOf = (...candidates: readonly TrialCandidate[]): readonly string[] => worthTrying(candidates).tried.map(({ id }) => id)

describe('worthTrying', () => {
  it('takes the two fastest, the fastest first', () => {
    expect(triedOf(method('slow', 60), method('second', 5), method('first', 4))).toEqual(['first', 'second'])
  })

  it('goes by a small folder, so that training for a fixed number of steps does not win by many pictures', () => {
    expect(triedOf(method('a', 4, 150), method('b', 7, 220), method('steps', 26, 190))).toEqual(['a', 'b'])
  })

  it('never takes a second opinion of over ten minutes unasked, and says how long it would be', () => {
    const { tried, left } = worthTrying([method('quick', 3), method('long', 185, 1110)])
    expect(tried.map(({ id }) => id)).toEqual(['quick'])
    expect(left).toEqual(['long: about 19 min more; -a long tries it'])
  })

  it('takes one of half an hour where there is no other, and no longer one', () => {
    expect(triedOf(method('only', 200, 1700))).toEqual(['only'])
    expect(triedOf(method('only', 400, 2400))).toEqual([])
  })

  it('leaves out what does not say how long it takes', () => {
    const unknown = method('unknown', Number.POSITIVE_INFINITY)
    expect(worthTrying([unknown, method('other', Number.POSITIVE_INFINITY), method('known', 3)])).toMatchObject({
      tried: [{ id: 'known' }],
      left: [
        'unknown: it does not say how long it takes; -a unknown tries it',
        'other: it does not say how long it takes; -a other tries it',
      ],
    })
  })

  it.each([
    [12, '12 s'],
    [365, '6 min'],
    [7300, '2 h'],
    [0.1, '1 s'],
  ])('says %d seconds as %s', (seconds, text) => {
    expect(roughTime(seconds)).toBe(text)
  })
})

describe('pickAlgorithms', () => {
  it.each([
    [40, 6],
    [60, 6],
    [400, 6],
    [590, 6],
    [1000, 1],
  ])('tries the same two methods for %d good pictures, fitted %d times', async (good, fits) => {
    const work = { fits, train: good, test: good + 20 }
    const { chosen, seconds, left } = await pickAlgorithms({ registry, budget: 'laptop', settings: [], wanted: null, work })
    expect(chosen.map(({ plugin }) => plugin.id)).toEqual(['patchcore', 'padim'])
    expect(seconds).toBeLessThan(720)
    expect(left.find((reason) => reason.startsWith('stpm'))).toMatch(/about \d+ (s|min) more; -a stpm tries it/)
  })

  it('tries what is named, however long it takes', async () => {
    const work = { fits: 6, train: 60, test: 72 }
    const request = { registry, budget: 'laptop', settings: [], work } as const
    const { chosen, left } = await pickAlgorithms({ ...request, wanted: ['draem', 'padim', 'stpm'] })
    expect(chosen.map(({ plugin }) => plugin.id)).toEqual(['draem', 'padim', 'stpm'])
    expect(left).toEqual([])
  })
})
