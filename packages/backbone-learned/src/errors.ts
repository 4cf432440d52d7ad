import { ImIadError } from '@im-iad/core'

export function damagedWeights(file: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_LEARNED_BACKBONE',
    what: 'the weights of the backbone learned are not those of its network',
    found: file,
    problem,
    fix: 'install @im-iad/backbone-learned again',
  })
}
