import { BUDGETS, type Budget, type InputGeometry } from '@im-iad/core'
import { isDeepStrictEqual } from 'node:util'
import { defineCheck, violates, type Check } from '../../check.ts'
import { deepFreeze } from '../../deep-freeze.ts'
import type { AlgorithmSubject } from '../../subjects/algorithm-subject.ts'

/** What an algorithm says of itself. */
export const declarationChecks: readonly Check<AlgorithmSubject>[] = [
  defineCheck({
    id: 'budgets-resolve',
    why: '--budget picks one of the declared parameter sets: each must be one that the schema accepts.',
    fix: `declare ${BUDGETS.join(', ')} in "budgets" with parameters that the schema knows and accepts`,
    run({ plugin, parameters }) {
      for (const budget of BUDGETS) {
        if (typeof plugin.budgets[budget] !== 'object') violates(`"budgets" has no "${budget}"`)
        parameters({}, budget)
      }
    },
  }),
  defineCheck({
    id: 'input-is-a-geometry',
    why: 'The runner resizes and crops every picture and mask by it; it is asked more than once.',
    fix: 'make "input" a pure function of the parameters: whole sizes from 1, a known filter, and a crop that is no larger than the resized picture',
    requires: ['budgets-resolve'],
    run({ plugin, parameters }) {
      for (const budget of BUDGETS) {
        const given = deepFreeze(structuredClone(parameters({}, budget)))
        const geometry = plugin.input(given)
        checkGeometry(geometry, budget)
        if (!isDeepStrictEqual(plugin.input(given), geometry)) violates(`budget "${budget}": asked twice, it gives two geometries`)
      }
    },
  }),
  defineCheck({
    id: 'estimate-is-sane',
    why: '"im-iad plan" adds the estimates up and warns before long runs.',
    fix: 'let "estimateSeconds" return a finite number of seconds from 0, that does not fall with more pictures',
    requires: ['budgets-resolve'],
    skip: ({ plugin }) => (plugin.estimateSeconds === undefined ? 'it declares no estimateSeconds' : null),
    run({ plugin, parameters }) {
      for (const budget of BUDGETS) {
        const given = parameters({}, budget)
        const estimate = (train: number, test: number): number => plugin.estimateSeconds?.(given, { train, test }) ?? Number.NaN
        const [none, some, more] = [estimate(0, 0), estimate(100, 100), estimate(1000, 1000)]
        for (const seconds of [none, some, more])
          if (!Number.isFinite(seconds) || seconds < 0) violates(`budget "${budget}": it estimates ${seconds} seconds`)
        if (some < none || more < some) violates(`budget "${budget}": ten times the pictures are estimated at fewer seconds`)
      }
    },
  }),
  defineCheck({
    id: 'backbone-parameters-exist',
    why: 'The weights of a backbone go into the hash only if "needs.backbones" names the parameter that chooses it.',
    fix: 'name existing parameters whose values are text in "needs.backbones"',
    requires: ['budgets-resolve'],
    run({ plugin, parameters }) {
      const given = parameters()
      for (const name of plugin.needs.backbones ?? [])
        if (typeof given[name] !== 'string') violates(`"needs.backbones" names "${name}", whose value is ${JSON.stringify(given[name])}`)
    },
  }),
]

function checkGeometry({ resize, resample, crop }: InputGeometry, budget: Budget): void {
  const whole = (size: number): boolean => Number.isInteger(size) && size >= 1
  if (!whole(resize.width) || !whole(resize.height)) violates(`budget "${budget}": it resizes to ${resize.width}x${resize.height}`)
  if (resample !== 'bilinear' && resample !== 'lanczos') violates(`budget "${budget}": the filter ${JSON.stringify(resample)} is unknown`)
  if (crop === null) return
  if (!whole(crop.width) || !whole(crop.height) || crop.width > resize.width || crop.height > resize.height)
    violates(`budget "${budget}": it crops ${resize.width}x${resize.height} to ${crop.width}x${crop.height}`)
}
