import { expect, it } from 'vitest'
import { falseAlarmRate } from '../src/false-alarm-rate.ts'

const LABELS = ['normal', 'normal', 'normal', 'normal', 'anomalous', 'anomalous'] as const

it('counts the normal pictures above the threshold that finds enough', () => {
  const scores = Float64Array.from([0.1, 0.2, 0.5, 0.7, 0.5, 0.9])
  expect(falseAlarmRate(LABELS, scores, 1)).toEqual({ value: 0.5 })
  expect(falseAlarmRate(LABELS, scores, 0.5)).toEqual({ value: 0 })
})

it('gives a reason where there is no value', () => {
  expect(falseAlarmRate(['normal'], Float64Array.of(1), 1)).toEqual({ value: null, reason: 'no anomalous picture is evaluated' })
  expect(falseAlarmRate(['anomalous'], Float64Array.of(1), 1)).toEqual({ value: null, reason: 'no normal picture is evaluated' })
  expect(falseAlarmRate(['normal', 'anomalous'], Float64Array.of(0, Number.NaN), 1)).toMatchObject({ value: null })
})
