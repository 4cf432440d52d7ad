import { ImIadError } from '@im-iad/errors'

export function notAFraction(name: string, value: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_THRESHOLD',
    what: `the ${name} ${value} is impossible`,
    problem: 'it has to lie between 0 and 1, both excluded',
    fix: 'write it as 1% or 0.01',
  })
}

export function noScores(whose: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_THRESHOLD',
    what: `there is no score of ${whose} pictures to set a threshold by`,
    fix: `add ${whose} pictures that were not trained on`,
  })
}

export function notAScore(index: number, value: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_THRESHOLD',
    what: 'a threshold can only be set from finite scores',
    found: `score ${index} is ${value}`,
    fix: 'leave the picture out, and find out why it has no score',
  })
}

export function notACost(name: string, value: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_THRESHOLD',
    what: `the cost of ${name}, ${value}, is impossible`,
    problem: 'costs are positive numbers',
    fix: 'give both costs in the same unit: money, minutes, anything',
  })
}
