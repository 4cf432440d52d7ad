import { ImIadError } from '@im-iad/core'

export function nothingNormal(task: string, count: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PROTOCOL',
    what: `"${task}" has no image to train on`,
    problem: `none of its ${count} images is normal, published for training, and of a part without defects`,
    fix: 'add normal images; the unsupervised paradigm trains on nothing else',
  })
}

export function nothingToTest(task: string, count: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PROTOCOL',
    what: `"${task}" has no image left to test`,
    problem: `all of its ${count} images are trained on`,
    fix: 'add images to test, or lower unsupervised.trainFraction',
  })
}
