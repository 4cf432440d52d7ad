import { ImIadError } from '@im-iad/core'
import { LEVELS } from './architecture.ts'

const CODE = 'IM_IAD_E_LEARNED_BACKBONE'

export function unknownStride(stride: number): ImIadError {
  const known = LEVELS.map((level) => level.stride).join(', ')
  return new ImIadError({
    code: CODE,
    what: `the backbone learned has no level of stride ${stride}`,
    problem: `its levels have the strides ${known}`,
    fix: `set the algorithm's levels to some of ${known}`,
  })
}

export function unsupportedSize(width: number, height: number, multiple: number): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `the backbone learned cannot take pictures of ${width}x${height}`,
    problem: `both sides have to be multiples of ${multiple}, the stride of its coarsest level`,
    fix: `set the algorithm's input size to a multiple of ${multiple}, such as 256`,
  })
}

export function damagedWeights(file: string, problem: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: 'the weights of the backbone learned are not those of its network',
    found: file,
    problem,
    fix: 'install @im-iad/backbone-learned again',
  })
}
