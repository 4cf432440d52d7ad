import { ImIadError } from '@im-iad/errors'

export function missingParameter(name: string, where: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PARAMETER',
    what: `there is no parameter "${name}" in ${where}`,
    fix: 'use weights of the same architecture, with the names of torchvision or, for an EfficientNet, timm',
  })
}

export function misshapenParameter(name: string, found: readonly number[], expected: readonly number[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PARAMETER',
    what: `the parameter "${name}" has another shape than the network's`,
    problem: `[${found.join(', ')}] was given, [${expected.join(', ')}] is needed`,
    fix: 'use weights of the same architecture',
  })
}
