import type { SequenceEvaluation, SequenceMetric } from '@im-iad/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import metrics from '../src/index.ts'

const metric = (id: string): SequenceMetric => {
  const found = metrics.find((candidate): candidate is SequenceMetric => candidate.id === id && candidate.level === 'sequence')
  if (found === undefined) throw new Error(`no metric ${id}`)
  return found
}
const forgetting = metric('sequence.forgetting')
const ownTask = metric('sequence.own-task')

const evaluation = (
  matrix: SequenceEvaluation['matrix'],
  direction: SequenceEvaluation['direction'] = 'higher-is-better',
): SequenceEvaluation => ({ tasks: matrix.map((_, place) => `task ${place}`), direction, matrix })

/** Worked out by hand: the losses are 0.9 - 0.6 and 0.9 - 0.5 (its best was after the third step). */
const FOUR = evaluation([
  [0.8, null, null, null],
  [0.9, 0.7, null, null],
  [0.5, 0.9, 0.8, null],
  [0.6, 0.5, 0.8, 1],
])

describe('the forgetting measure', () => {
  it('is what is lost of the best, over the tasks but the last', () => {
    expect(forgetting.computeSequence(FOUR)).toEqual({ value: expect.closeTo((0.3 + 0.4 + 0) / 3, 12) })
  })

  it('is negative when later tasks help', () => {
    expect(
      forgetting.computeSequence(
        evaluation([
          [0.6, null],
          [0.8, 0.9],
        ]),
      ).value,
    ).toBeCloseTo(-0.2, 12)
  })

  it('agrees with the card of DNE: flat scores cannot be forgotten', () => {
    expect(
      forgetting.computeSequence(
        evaluation([
          [0.5, null],
          [0.5, 0.5],
        ]),
      ).value,
    ).toBe(0)
  })

  it('is the same for a metric turned upside down', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (count, stream) => {
        const matrix = Array.from({ length: count }, (_, after) =>
          Array.from({ length: count }, (__, task) => (task <= after ? Number(stream.next().value) : null)),
        )
        const turned = matrix.map((row) => row.map((value) => (value === null ? null : 1 - value)))
        const [plain, mirrored] = [
          forgetting.computeSequence(evaluation(matrix)),
          forgetting.computeSequence(evaluation(turned, 'lower-is-better')),
        ]
        expect(mirrored.value).toBeCloseTo(plain.value ?? Number.NaN, 10)
      }),
    )
  })

  it('has a reason where it is not defined', () => {
    expect(forgetting.computeSequence(evaluation([[0.9]]))).toEqual({ value: null, reason: 'nothing can be forgotten with a single task' })
    expect(
      forgetting.computeSequence(
        evaluation([
          [null, null],
          [0.5, 0.5],
        ]),
      ),
    ).toEqual({ value: null, reason: 'task "task 0" has no number before, or after, the last step' })
  })
})

describe('what is reached at first', () => {
  it('is the mean of the diagonal', () => {
    expect(ownTask.computeSequence(FOUR).value).toBeCloseTo((0.8 + 0.7 + 0.8 + 1) / 4, 12)
    expect(
      ownTask.computeSequence(
        evaluation([
          [0.5, null],
          [0.5, null],
        ]),
      ),
    ).toEqual({ value: null, reason: 'task "task 1" has no number right after it was trained on' })
  })
})
