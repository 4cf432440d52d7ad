import { ImIadError } from '@im-iad/core'
import { MODEL_SCHEMA, type ModelAlgorithm, type ModelBackbone } from './model/description.ts'

export function noModel(folder: string, problem: string, cause?: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MODEL',
    what: 'cannot load the model',
    found: folder,
    problem,
    fix: 'name the folder that "im-iad fit" or "im-iad try" wrote, copied whole; if it is damaged, fit again',
    cause,
  })
}

export function newerModel(folder: string, schema: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MODEL',
    what: 'the model was written by a newer im-iad',
    found: folder,
    problem: `its schema is ${String(schema)}; this version reads ${MODEL_SCHEMA}`,
    fix: 'npm i @im-iad/cli@latest @im-iad/predict@latest, or fit again with this version',
  })
}

export function missingAlgorithm(folder: string, { id, package: name, version }: ModelAlgorithm, others: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MODEL_PLUGIN',
    what: `the model needs the algorithm "${id}", which is not installed`,
    found: folder,
    problem: others.length === 0 ? `${name} is not there` : `${name} is not there; "${id}" of ${others.join(', ')} is another one`,
    fix: `npm i ${name}@${version}`,
  })
}

export function otherRevision(
  folder: string,
  expected: ModelAlgorithm,
  installed: { readonly version: string; readonly revision: number },
): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MODEL_PLUGIN',
    what: `the model was fitted by another revision of "${expected.id}"`,
    found: folder,
    problem: `it needs revision ${expected.revision} (${expected.package}@${expected.version}); ${installed.version} is installed, revision ${installed.revision}, whose scores may differ`,
    fix: `npm i ${expected.package}@${expected.version}, or fit again`,
  })
}

export function otherInput(folder: string, id: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MODEL_PLUGIN',
    what: `"${id}" asks for another input than the model was fitted with`,
    found: folder,
    problem: 'for these parameters it resizes or crops differently',
    fix: 'install the version it was fitted with, or fit again',
  })
}

export function otherBackbone(folder: string, expected: ModelBackbone, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MODEL_BACKBONE',
    what: `the backbone "${expected.name}" is not the one that the model was fitted with`,
    found: folder,
    problem,
    fix: `install ${expected.plugin.package}@${expected.plugin.version} and its weights, or fit again`,
  })
}

export function failedModel(folder: string, id: string, cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_MODEL',
    what: `"${id}" cannot use the model's files`,
    found: folder,
    problem: cause instanceof Error ? cause.message : String(cause),
    fix: 'copy the model folder again from where it was fitted, or fit again',
    cause,
  })
}

export function occupiedFolder(folder: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_OUTPUT',
    what: 'the output folder holds something else',
    found: folder,
    problem: 'only an empty folder, or what im-iad wrote there before, is replaced',
    fix: 'name another one with --out',
  })
}

export function tooFewGood(count: number, unreadable: number): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_NO_TRAINING',
    what: count === 0 ? 'there is no good picture to learn from' : 'one good picture is not enough',
    problem:
      (unreadable === 0 ? '' : `${unreadable} could not be read; `) +
      'a model learns from some different good pictures and is judged by others: at least 2 are needed, and 40 are a start',
    fix: 'put more pictures of good parts into good/',
  })
}

export function severalCategories(root: string, categories: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_CATEGORY',
    what: 'one model is for one kind of part',
    found: `${root} holds ${categories.length}: ${categories.slice(0, 8).join(', ')}`,
    fix: `-c ${categories[0] ?? 'NAME'}, or name its folder`,
  })
}

export function unsuitableAlgorithm(id: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_ALGORITHM',
    what: `"${id}" cannot be fitted to good pictures alone`,
    problem,
    fix: '"im-iad list algorithms" shows the others; "im-iad run" benchmarks this one',
  })
}

export function noAlgorithm(reasons: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_ALGORITHM',
    what: 'no installed algorithm can be tried on this folder',
    ...(reasons.length === 0 ? {} : { problem: reasons.join('; ') }),
    fix: 'npm i @im-iad/algo-patchcore @im-iad/algo-padim',
  })
}

export function fitProcessDied(how: string, log: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_FIT',
    what: 'the process that fits the model ended early',
    problem: [how, ...log].join('\n    '),
    fix: 'if memory ran out: --budget smoke, or fewer pictures',
  })
}
