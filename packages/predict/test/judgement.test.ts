import { createRandomSource } from '@im-iad/core'
import { compareMethods, watchDrift, type MethodScores, type ModelThreshold } from '@im-iad/predict'
import { describe, expect, it } from 'vitest'
import { adviseOutlier } from '../src/trial/advise-outlier.ts'

const stream = () => createRandomSource(3, 'test').stream('scores')

function normals(count: number, shift: number, name: string): number[] {
  const random = createRandomSource(5, 'test').stream(name)
  return Array.from({ length: count }, () => random.normal() + shift)
}

const method = (id: string, distance: number, milliseconds: number, bad: number = 40, found: number = 0): MethodScores => ({
  id,
  good: normals(80, 0, 'good'),
  bad: normals(bad, distance, 'bad'),
  found,
  milliseconds,
})

const thresholdAt = (value: number, heldOut: ModelThreshold['heldOut'] = 'cross-fitting'): ModelThreshold => ({
  value,
  statement: '',
  falseReject: { rate: 0.01, confidence: 0.95 },
  supported: false,
  supportedRate: 0.3,
  required: 299,
  count: 5,
  rank: 1,
  heldOut,
  detection: null,
})

describe('compareMethods', () => {
  it('recommends the one that is clearly better, however slow', () => {
    const compared = compareMethods([method('quick', 0.2, 10), method('slow', 3, 500)], stream())
    expect(compared.recommended).toBe(1)
    expect(compared.why).toContain('slow has the highest image AUROC')
    expect(compared.sure).toContain('Sure that it is the best of them')
    expect(compared.aurocs[1]?.low).toBeGreaterThan(0.9)
  })

  it('takes the fastest of those that cannot be told apart, and says so', () => {
    const compared = compareMethods([method('slow', 1.5, 500), method('quick', 1.5, 10)], stream())
    expect(compared.recommended).toBe(1)
    expect(compared.sure).toContain('Not sure which is better')
    expect(compared.why).toContain('takes 50.0 times as long')
  })

  it('takes the one whose threshold finds more of those that cannot be told apart, even if it is slower', () => {
    const compared = compareMethods([method('quick', 1.5, 10, 40, 3), method('slow', 1.4999, 500, 40, 9)], stream())
    expect(compared.recommended).toBe(1)
    expect(compared.why).toContain('its threshold finds 3 of 40 bad pictures instead of 9')
  })

  it('does not hide that a method may be guessing', () => {
    expect(compareMethods([method('only', 0, 10)], stream()).sure).toContain('no better than guessing')
  })

  it('does not take a perfect separation for certainty', () => {
    expect(compareMethods([method('only', 50, 10, 5)], stream()).sure).toContain(
      "with 5 of them the interval can't show how rarely that fails",
    )
  })

  it('recommends the fastest without bad pictures, and claims nothing', () => {
    const compared = compareMethods([method('slow', 1, 500, 0), method('quick', 1, 10, 0)], stream())
    expect(compared).toMatchObject({ recommended: 1, aurocs: [null, null], bestShare: null })
    expect(compared.sure).toContain('unknown')
  })
})

describe('watchDrift', () => {
  const heldOutScores = normals(100, 10, 'held-out').toSorted((a, b) => a - b)
  const threshold = 13
  const see = (scores: readonly number[], heldOut: ModelThreshold['heldOut'] = 'split') => {
    const watch = watchDrift({ heldOutScores, threshold: thresholdAt(threshold, heldOut) }, threshold)
    for (const score of scores) watch.add({ score, decision: score > threshold ? 'anomalous' : 'good' })
    return watch.drift()
  }

  it('says nothing of the same light', () => {
    expect(see(normals(500, 10, 'same'))).toBeNull()
  })

  it('tells a shift, with its level and size', () => {
    expect(see(normals(200, 11, 'brighter'))).toMatchObject({ level: 0.01, count: 193 })
    expect(see(normals(200, 9, 'darker'))?.superiority).toBeLessThan(0.4)
  })

  it('does not take what cross-fitting does for a shift', () => {
    expect(see(normals(200, 9.6, 'a little lower'), 'cross-fitting')).toBeNull()
    expect(see(normals(200, 9.6, 'a little lower'), 'split')).not.toBeNull()
    expect(see(normals(200, 7.5, 'much lower'), 'cross-fitting')).not.toBeNull()
    expect(see(normals(200, 11, 'brighter'), 'cross-fitting')).not.toBeNull()
  })

  it('does not take defects for a shift', () => {
    expect(see([...normals(200, 10, 'same'), ...Array.from({ length: 200 }, () => 30)])).toBeNull()
  })

  it('says nothing where too little was seen', () => {
    expect(see(normals(19, 14, 'few'))).toBeNull()
  })

  it('stays within bounded memory and still tells', () => {
    const watch = watchDrift({ heldOutScores, threshold: thresholdAt(threshold) }, threshold)
    for (let index = 0; index < 20_000; index++) watch.add({ score: 11 + (index % 100) / 100, decision: 'good' })
    expect(watch.drift()?.count).toBe(20_000)
  })

  it('calls an alarm without a shift about as rarely as it says', () => {
    let alarms = 0
    for (let round = 0; round < 300; round++) if (see(normals(60, 10, `round ${round}`)) !== null) alarms++
    expect(alarms / 300).toBeLessThan(0.05)
  })
})

describe('adviseOutlier', () => {
  const good = [1, 2, 3, 4, 9].map((score, index) => ({ id: `good/${index}`, score }))

  it('names the picture that the threshold hangs on, and what it hides', () => {
    expect(adviseOutlier({ threshold: thresholdAt(9), good, bad: [5, 8, 3] })).toContain(
      'good/4: without it, it would be 4.0000, which would find 2 of 3',
    )
  })

  it('says nothing where none stands off', () => {
    expect(adviseOutlier({ threshold: thresholdAt(4), good: good.slice(0, 4), bad: [5] })).toBeNull()
  })
})
