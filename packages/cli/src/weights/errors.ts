import { ImIadError, type WeightsSource } from '@im-iad/core'

export function malformedSource(backbone: string, packageName: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_PLUGIN',
    what: `the plugin of backbone "${backbone}" does not say properly where its weights are`,
    found: packageName,
    problem,
    fix: `update ${packageName}, or report it to its authors`,
  })
}

export function nothingToDownload(backbone: string, weights: Exclude<WeightsSource, { readonly kind: 'download' }>): ImIadError {
  const facts = {
    formula: ['it is computed from a formula', 'use it as it is'],
    packaged: ['its weights come with its package', 'use it as it is'],
    file: ['it opens files of yours and has no weights of its own', '--set ALGORITHM.backbone=PATH of such a file'],
  } as const
  const [problem, fix] = facts[weights.kind]
  return new ImIadError({ code: 'IM_IAD_E_WEIGHTS', what: `backbone "${backbone}" has no weights to download`, problem, fix })
}

export function unusableUrl(url: string, problem: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_URL',
    what: 'cannot download from there',
    found: url,
    problem,
    fix: 'name an http or https URL; a file on this machine is taken with "im-iad weights add FILE"',
  })
}

export function manyFilesFromOneUrl(url: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_URL',
    what: 'one URL cannot be the weights of several backbones',
    found: url,
    fix: 'pull one backbone at a time, or end the URL with "/" where it is a folder that holds all of them',
  })
}

/** A download that trying again does not mend. `resumes`: what came is kept. */
export function downloadFailed(url: string, problem: string, fix: string): ImIadError {
  return new ImIadError({ code: 'IM_IAD_E_DOWNLOAD', what: 'the download failed', found: url, problem, fix })
}

export function wrongBytes(url: string, expected: string, actual: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS',
    what: 'what was downloaded is not what was published, and was thrown away',
    found: url,
    problem: `its SHA-256 is ${actual}, published is ${expected}`,
    fix: 'try again later, or from another place: --from URL or IM_IAD_WEIGHTS_MIRROR',
  })
}

export function diskFull(folder: string, needed: number | null, free: number | null): ImIadError {
  const problem = [needed === null ? null : `${megabytes(needed)} are needed`, free === null ? null : `${megabytes(free)} are free`]
  return new ImIadError({
    code: 'IM_IAD_E_DISK_FULL',
    what: 'no space left for the weights',
    found: folder,
    problem: problem.filter((part) => part !== null).join(', ') || 'the disk is full',
    fix: 'make room and run the same command again, or set IM_IAD_HOME to a folder on another disk',
  })
}

export function unwritableWeights(folder: string, error: Error): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS',
    what: 'cannot write the weights',
    found: folder,
    problem: error.message,
    fix: 'mend the rights of that folder, or set IM_IAD_HOME to one that you may write to',
    cause: error,
  })
}

export function busyWeights(file: string, holder: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_LOCKED',
    what: 'another command has been working on these weights for too long',
    found: `${file}.lock, held by ${holder}`,
    fix: 'wait for it or end it; delete the lock if that process is gone',
  })
}

/** What a file to be added turned out to be. */
export interface AddedFile {
  readonly path: string
  readonly format: string
  readonly sha256: string
}

export function notThesePublished(
  backbone: string,
  { path, format, sha256 }: AddedFile,
  accepted: readonly { readonly file: string; readonly sha256: string }[],
): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS',
    what: `these are not the published weights of backbone "${backbone}"`,
    found: `${path} (${format})`,
    problem: `its SHA-256 is ${sha256}; published are ${accepted.map((one) => `${one.file} ${one.sha256}`).join(', ')}. Under that name other weights would give numbers that nobody can compare`,
    fix: `im-iad weights pull ${backbone}; your own feature extractor is used as .onnx: --set ALGORITHM.backbone=PATH.onnx`,
  })
}

export function weightsOfNobody({ path, format, sha256 }: AddedFile, backbones: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS',
    what: 'no installed backbone publishes these weights',
    found: `${path} (${format})`,
    problem: `its SHA-256 is ${sha256}; backbones with published weights: ${backbones.join(', ') || 'none'}`,
    fix: 'install the backbone that they belong to, then add them again; any .onnx feature extractor can be added without one',
  })
}

export function noWeightsFile(path: string, format: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS',
    what: 'this is no weights file',
    found: path,
    problem: `by what it holds it is ${format === 'unknown' ? 'nothing known' : format}`,
    fix: 'add a .safetensors, .pth or .onnx file, or a zip or wheel that holds one',
  })
}

export function nameTaken(file: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_WEIGHTS',
    what: 'other weights have that name already',
    found: file,
    fix: 'rename yours, or remove those',
  })
}

/** `17.4 MB`; what is below one is given in kB. */
export function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}
