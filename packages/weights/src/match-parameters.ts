import { parameterMismatch } from './errors.ts'
import type { WeightsFile } from './weights-file.ts'

export interface MatchOptions {
  /** Tensors of the file that the network does without: a classification head, say. */
  readonly ignore?: (name: string) => boolean
}

/**
 * Compares a file with a network's parameters and says under which name the file holds each. Counters of BatchNorm (`num_batches_tracked`) are of no use to
 * inference and are passed over. Where every name has one more word in front (`module.` by DataParallel, `backbone.`), that is taken off.
 * @param expected - shape by name
 * @returns the file's name by the network's
 * @throws ImIadError IM_IAD_E_PARAMETERS, listing every missing, every further, and every parameter of another shape with both shapes
 */
export function matchParameters(
  file: WeightsFile,
  expected: ReadonlyMap<string, readonly number[]>,
  { ignore = () => false }: MatchOptions = {},
): ReadonlyMap<string, string> {
  const prefix = commonPrefix(file, expected)
  const matched = new Map<string, string>()
  const missing: string[] = []
  const wrongShape: string[] = []
  for (const [name, shape] of expected) {
    const tensor = file.tensors.get(prefix + name)
    if (tensor === undefined) missing.push(name)
    else if (tensor.shape.join() !== shape.join()) wrongShape.push(`${name} [${tensor.shape.join(', ')}] instead of [${shape.join(', ')}]`)
    else matched.set(name, prefix + name)
  }
  const extra = [...file.tensors.keys()].filter((name) => {
    const own = name.startsWith(prefix) ? name.slice(prefix.length) : name
    return !expected.has(own) && !own.endsWith('num_batches_tracked') && !ignore(own)
  })
  if (missing.length + wrongShape.length + extra.length > 0)
    throw parameterMismatch(file.name, { missing, extra, wrongShape }, expected.size)
  return matched
}

/** The word that stands before the names when none of the expected ones is there without it. */
function commonPrefix({ tensors }: WeightsFile, expected: ReadonlyMap<string, readonly number[]>): string {
  const [first = ''] = expected.keys()
  if ([...expected.keys()].some((name) => tensors.has(name))) return ''
  const holder = [...tensors.keys()].find((name) => name.endsWith(`.${first}`))
  return holder === undefined ? '' : holder.slice(0, -first.length)
}
