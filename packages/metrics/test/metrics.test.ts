import { readFileSync } from 'node:fs'
import type { EvaluatedMap, EvaluationMetric, MetricResult } from '@im-iad/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import metrics from '../src/index.ts'
import { evaluationOf, mapOf, pseudoRandom } from './support.ts'

interface Reference {
  readonly origin: string
  readonly cases: readonly {
    readonly name: string
    readonly seed: number
    readonly count: number
    readonly height: number
    readonly width: number
    readonly levels: number
    readonly metrics: Readonly<Record<string, number>>
  }[]
}

const reference: Reference = JSON.parse(readFileSync(new URL('fixtures/reference.json', import.meta.url), 'utf8'))

function metric(id: string): EvaluationMetric {
  const found = metrics.find((candidate) => candidate.id === id)
  if (found === undefined || found.level === 'sequence') throw new Error(`no metric ${id}`)
  return found
}

const compute = (id: string, maps: readonly EvaluatedMap[], scores?: readonly number[]): MetricResult =>
  metric(id).compute(evaluationOf(maps, scores)) as MetricResult
const value = (id: string, maps: readonly EvaluatedMap[], scores?: readonly number[]): number =>
  compute(id, maps, scores).value ?? Number.NaN

/** The maps of fixtures/make_reference.py. */
function makeCase({ seed, count, height, width, levels }: Reference['cases'][number]): readonly EvaluatedMap[] {
  const plane = height * width
  const numbers = pseudoRandom(count * plane + 5 * count, seed)
  return Array.from({ length: count }, (_, image) => {
    const mask = new Uint8Array(plane)
    const [x, y, w, h, kind] = numbers.subarray(count * plane + 5 * image)
    if (kind % 3 > 0) {
      for (let row = y % height; row < Math.min(height, (y % height) + 1 + (h % 7)); row++)
        for (let column = x % width; column < Math.min(width, (x % width) + 1 + (w % 7)); column++) mask[row * width + column] = 1
      mask[((y + 9) % height) * width + ((x + 9) % width)] = 1
    }
    const values = Float32Array.from(mask, (marked, pixel) =>
      Math.fround(Math.fround((numbers[image * plane + pixel] % levels) - levels / 4) + marked * Math.fround(levels / 3)),
    )
    return mapOf(width, height, values, mask)
  })
}

describe.each(reference.cases)('against independent implementations: $name', (given) => {
  it.each(Object.entries(given.metrics))('%s', (id, expected) => {
    expect(value(id, makeCase(given))).toBeCloseTo(expected, 12)
  })
})

/** Small maps with many ties. */
const maps = fc
  .array(
    fc.tuple(
      fc.array(fc.integer({ min: -2, max: 3 }), { minLength: 12, maxLength: 12 }),
      fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: 12, maxLength: 12 }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((items) => items.map(([values, mask]) => mapOf(4, 3, values, mask)))
  .filter((items) => items.some((item) => item.mask.includes(1)) && items.some((item) => item.mask.includes(0)))

const pixelsOf = (items: readonly EvaluatedMap[], marked: number): readonly number[] =>
  items.flatMap((item) => [...item.map].filter((_, pixel) => item.mask[pixel] === marked))

describe('properties', () => {
  it('AUROC is the share of pairs in the right order, ties half', () => {
    fc.assert(
      fc.property(maps, (items) => {
        const pairs = pixelsOf(items, 1).flatMap((positive) =>
          pixelsOf(items, 0).map((negative) => (positive > negative ? 1 : positive === negative ? 0.5 : 0)),
        )
        expect(value('pixel.auroc', items)).toBeCloseTo(pairs.reduce<number>((sum, pair) => sum + pair, 0) / pairs.length, 12)
      }),
    )
  })

  it('average precision is the sum over thresholds of precision times gain in recall', () => {
    fc.assert(
      fc.property(maps, (items) => {
        const positives = pixelsOf(items, 1)
        const negatives = pixelsOf(items, 0)
        let sum = 0
        for (const threshold of new Set(positives)) {
          const found = positives.filter((score) => score >= threshold).length
          const precision = found / (found + negatives.filter((score) => score >= threshold).length)
          sum += (precision * positives.filter((score) => score === threshold).length) / positives.length
        }
        expect(value('pixel.ap', items)).toBeCloseTo(sum, 12)
      }),
    )
  })

  it('the threshold of the largest F1 gives that F1', () => {
    fc.assert(
      fc.property(maps, (items) => {
        const result = compute('pixel.f1-max', items)
        const threshold = result.value === null ? Number.NaN : (result.details?.['threshold'] ?? Number.NaN)
        const found = pixelsOf(items, 1).filter((score) => score >= threshold).length
        const falseAlarms = pixelsOf(items, 0).filter((score) => score >= threshold).length
        expect(result.value).toBeCloseTo((2 * found) / (found + falseAlarms + pixelsOf(items, 1).length), 12)
      }),
    )
  })

  it('no metric changes under a strictly rising function of the maps', () => {
    fc.assert(
      fc.property(maps, (items) => {
        const risen = items.map((item) => ({ ...item, map: item.map.map((score) => Math.fround(score * score * score * 7 + score - 3)) }))
        for (const id of ['pixel.auroc', 'pixel.ap', 'pixel.f1-max', 'pixel.aupro'])
          expect(value(id, risen)).toBeCloseTo(value(id, items), 12)
      }),
    )
  })

  it('AUROC of the negated maps is one minus AUROC', () => {
    fc.assert(
      fc.property(maps, (items) => {
        const negated = items.map((item) => ({ ...item, map: item.map.map((score) => -score) }))
        expect(value('pixel.auroc', negated)).toBeCloseTo(1 - value('pixel.auroc', items), 12)
      }),
    )
  })

  it('the order of images does not matter', () => {
    fc.assert(fc.property(maps, (items) => Math.abs(value('pixel.aupro', items.toReversed()) - value('pixel.aupro', items)) < 1e-12))
  })
})

describe('per-region overlap', () => {
  it('weighs a small region as much as a large one', () => {
    const mask = [1, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0]
    const onlySmall = mapOf(
      4,
      3,
      mask.map((_, pixel) => (pixel === 0 ? 1 : 0)),
      mask,
    )
    const onlyLarge = mapOf(
      4,
      3,
      mask.map((marked, pixel) => (pixel > 0 ? marked : 0)),
      mask,
    )
    expect(value('pixel.aupro', [onlySmall])).toBeCloseTo(value('pixel.aupro', [onlyLarge]), 12)
    expect(value('pixel.aupro', [onlyLarge])).toBeCloseTo(0.5 + (0.5 * 0.3) / 2, 12)
  })

  it('counts pixels that touch at a corner as one region', () => {
    const mask = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    const half = mapOf(
      4,
      3,
      mask.map((_, pixel) => (pixel === 0 ? 1 : 0)),
      mask,
    )
    expect(value('pixel.aupro', [half])).toBeCloseTo(0.5 + (0.5 * 0.3) / 2, 12)
  })

  it('takes images of different sizes', () => {
    const items = [mapOf(2, 2, [4, 1, 2, 1], [1, 0, 0, 0]), mapOf(3, 1, [5, 0, 0], [1, 0, 0])]
    expect(value('pixel.aupro', items)).toBe(1)
    expect(value('pixel.auroc', items)).toBe(1)
  })
})

describe('extreme values', () => {
  it('orders infinities, denormal numbers and both zeros', () => {
    const values = [Infinity, 1e-45, 0, -0, -1e-45, -Infinity]
    expect(value('pixel.auroc', [mapOf(6, 1, values, [1, 1, 0, 0, 0, 0])])).toBe(1)
    expect(value('pixel.auroc', [mapOf(2, 1, [0, -0], [1, 0])])).toBe(0.5)
    expect(value('pixel.auroc', [mapOf(2, 1, [-0, 0], [1, 0])])).toBe(0.5)
  })

  it('does not round scores of images to float32', () => {
    expect(value('image.auroc', [mapOf(1, 1, [1], [1]), mapOf(1, 1, [1], [0])], [1 + 1e-12, 1])).toBe(1)
  })
})

describe('degenerate input gives null and the reason', () => {
  const normal = mapOf(2, 1, [1, 2], [0, 0])
  const marked = mapOf(2, 1, [1, 2], [0, 1])

  it.each([
    ['image.auroc', [normal], 'no image is anomalous'],
    ['image.ap', [marked], 'no image is normal'],
    ['pixel.auroc', [normal], 'no pixel is anomalous'],
    ['pixel.aupro', [mapOf(2, 1, [1, 2], [1, 1])], 'no pixel is normal'],
    ['pixel.ap', [mapOf(2, 1, [1, Number.NaN], [0, 1])], 'the map of "image-0" holds a value that is not a number'],
    ['pixel.f1-max', [mapOf(3, 1, [1, 2], [0, 1])], 'map and mask of "image-0" are not of 3x1 pixels'],
    ['image.auroc', [], 'no image is anomalous'],
  ])('%s', (id, items, reason) => {
    expect(compute(id, items)).toEqual({ value: null, reason })
  })

  it('a score that is not a number', () => {
    expect(compute('image.auroc', [normal, marked], [1, Number.NaN])).toEqual({
      value: null,
      reason: 'the score of "image-1" is not a number',
    })
  })

  it('no maps, for the reason that is known', () => {
    const evaluation = { ...evaluationOf([normal, marked]), maps: { kind: 'missing' as const, reason: 'no mask was published' } }
    expect(metric('pixel.auroc').compute(evaluation)).toEqual({ value: null, reason: 'no mask was published' })
    expect(metric('image.auroc').compute(evaluation)).toEqual({ value: 0.5 })
  })
})
