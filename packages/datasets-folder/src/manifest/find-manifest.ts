import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ImIadError } from '@im-iad/core'

const DEFAULT_NAMES: readonly string[] = ['manifest.csv', 'manifest.jsonl']

/**
 * The manifest to read, absolute; `null` where none was asked for and none is there.
 * @param asked - relative to `root`, or absolute
 * @throws ImIadError IM_IAD_E_DATA_MANIFEST when the one that was asked for is not there, or both default ones are
 */
export async function findManifest(root: string, asked: string | null): Promise<string | null> {
  if (asked !== null) {
    const path = resolve(root, asked)
    if (await isFile(path)) return path
    throw new ImIadError({
      code: 'IM_IAD_E_DATA_MANIFEST',
      what: `cannot find the manifest "${asked}"`,
      found: `looked for ${path}`,
      problem: 'no such file; the path is taken from the data root',
      fix: '--set folder.manifest=FILE.csv',
    })
  }
  const paths = DEFAULT_NAMES.map((name) => join(root, name))
  const there = await Promise.all(paths.map(isFile))
  const [first = null, second] = paths.filter((_, i) => there[i])
  if (second === undefined) return first
  throw new ImIadError({
    code: 'IM_IAD_E_DATA_MANIFEST',
    what: `there are two manifests in ${root}`,
    problem: `nothing says which of ${DEFAULT_NAMES.join(' and ')} holds`,
    fix: `--set folder.manifest=${DEFAULT_NAMES[0]}, or remove one`,
  })
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
