import { ImIadError, isImIadError } from '@im-iad/errors'
import type { AskedBackbone as Asked } from '../backbone/locate-backbone.ts'

export function unknownBackbone(asked: Asked, installed: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_BACKBONE',
    what: `${asked.algorithm} needs the backbone "${asked.reference}", which is not installed`,
    problem: `installed are ${installed.join(', ') || 'none'}; no other is used in its place, because the numbers would mean something else`,
    fix: remedies(asked),
  })
}

export function missingWeights(asked: Asked, file: string, url: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS',
    what: `${asked.algorithm} needs the weights of backbone "${asked.reference}"`,
    found: `${file} is not there`,
    problem: `weights are not shipped; these are published at ${url}`,
    fix: `im-iad weights pull ${asked.reference} (without a network: im-iad weights add FILE), ${remedies(asked)}`,
  })
}

export function damagedWeights(asked: Asked, file: string, expected: string, actual: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS',
    what: `the weights of backbone "${asked.reference}" are not the published ones`,
    found: file,
    problem: `their SHA-256 is ${actual}, published is ${expected}`,
    fix: `im-iad weights pull ${asked.reference} (it replaces the file)`,
  })
}

export function unnamedBackboneFile(asked: Asked, extensions: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_BACKBONE',
    what: `backbone "${asked.reference}" needs a file`,
    problem: `it opens files (${extensions.join(', ')}) and has no features of its own`,
    fix: `--set ${asked.algorithm}.${asked.parameter}=PATH${extensions[0] ?? ''}`,
  })
}

export function missingBackboneFile(asked: Asked): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_BACKBONE',
    what: `${asked.algorithm}'s backbone file does not exist`,
    found: asked.reference,
    fix: `correct the path in --set ${asked.algorithm}.${asked.parameter}=PATH.onnx`,
  })
}

/** @param broken - why plugins that might have opened it could not be loaded */
export function unsupportedBackboneFile(asked: Asked, broken: readonly unknown[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_BACKBONE',
    what: `${asked.algorithm} cannot use this file as a backbone`,
    found: asked.reference,
    problem:
      'a backbone is the id of an installed plugin, or the path of a file that one can open (.onnx)' +
      broken.map((error) => `; ${describeFailure(error)}`).join(''),
    fix: remedies(asked),
  })
}

export function changedBackbone(name: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS_CHANGED',
    what: `the weights of backbone "${name}" changed between plan and run`,
    problem: 'their SHA-256 is not the planned one',
    fix: 'start the run again: it plans anew',
  })
}

function describeFailure(error: unknown): string {
  if (isImIadError(error)) return `${error.facts.what}: ${error.facts.problem ?? error.facts.fix}`
  return error instanceof Error ? error.message : String(error)
}

function remedies({ algorithm, parameter }: Asked): string {
  return [
    `--set ${algorithm}.${parameter}=embedded (needs no weights)`,
    '--budget laptop (uses it by default)',
    `or --set ${algorithm}.${parameter}=PATH.onnx (any feature extractor)`,
  ].join(', ')
}
