import { ImIadError } from '@im-iad/core'

const CODE = 'IM_IAD_E_PROTOCOL'

export function nothingNormal(task: string, count: number): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `"${task}" has no normal image to train on`,
    problem: `none of its ${count} images is normal, published for training, and of a part without defects`,
    fix: 'add normal images',
  })
}

export function tooFewAbnormal(task: string, wanted: number, available: number): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `"${task}" has too few abnormal images for fully-supervised.n=${wanted}`,
    problem: `${available} abnormal ${available === 1 ? 'image' : 'images'} (copies count once) can be moved to training`,
    fix: available > 1 ? `--set fully-supervised.n=${available - 1} or less: at least one has to be left to test` : 'add abnormal images',
  })
}

export function nothingAbnormalLeft(task: string, moved: number): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `"${task}" has no abnormal image left to test`,
    problem: `${moved} are trained on, and all others show the same pictures or physical parts`,
    fix: 'lower fully-supervised.n, or add abnormal images of other parts',
  })
}

export function nothingNormalLeft(task: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `"${task}" has no normal image left to test`,
    problem: 'all of them are trained on, or show a part whose abnormal images are trained on',
    fix: 'lower fully-supervised.n or fully-supervised.trainFraction, or add normal images of other parts',
  })
}

export function unlistedCategory(category: string, listed: readonly string[]): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `there is no published list for "${category}"`,
    found: `lists for ${listed.join(', ')} (MVTec AD)`,
    fix: 'fully-supervised.draw=stratified, or pooled',
  })
}

export function anotherLength(wanted: number, length: number): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `the published list has ${length} images, not ${wanted}`,
    problem: 'it does not say in which order they were drawn, so none of them comes first',
    fix: `fully-supervised.n=${length}, or draw=stratified or pooled`,
  })
}

export function missingListed(category: string, missing: readonly string[]): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `the published list for "${category}" names images that this dataset does not have`,
    found: `no abnormal test image ${missing.join(', ')}`,
    fix: 'use the complete MVTec AD, or fully-supervised.draw=stratified',
  })
}
