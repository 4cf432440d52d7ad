import { ImIadError } from '@im-iad/errors'

export function withoutWeightsFile(id: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS',
    what: `the backbone "${id}" was opened without a file of weights`,
    fix: `im-iad weights pull ${id}, or im-iad weights add FILE`,
  })
}

export function unknownStride(id: string, stride: number, known: readonly number[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_LEVEL',
    what: `the backbone "${id}" has no level of stride ${stride}`,
    problem: `its levels have the strides ${known.join(', ')}`,
    fix: `set the algorithm's levels to some of ${known.join(', ')}`,
  })
}
