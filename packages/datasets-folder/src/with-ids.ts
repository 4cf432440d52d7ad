import type { Sample } from '@im-iad/core'
import { count, type FolderSample } from './category-contents.ts'
import { withoutExtension } from './find-pictures.ts'

/**
 * Gives each sample its id: its path without the extension, in Unicode's composed form (file systems differ there).
 * Pictures that differ by nothing but their extension keep it.
 */
export function withIds(samples: readonly FolderSample[]): { readonly samples: readonly Sample[]; readonly warnings: readonly string[] } {
  const bearers = new Map<string, number>()
  for (const { path } of samples) bearers.set(idOf(path), (bearers.get(idOf(path)) ?? 0) + 1)
  const isShared = (path: string): boolean => (bearers.get(idOf(path)) ?? 0) > 1
  const shared = samples.filter(({ path }) => isShared(path))
  const [first] = shared
  return {
    samples: samples.map(({ path, sample }) => ({ id: isShared(path) ? path.normalize() : idOf(path), ...sample })),
    warnings:
      first === undefined
        ? []
        : [`${count(shared.length, 'picture')} differ from another by the extension alone (${first.path} for one); all of them are used.`],
  }
}

function idOf(path: string): string {
  return withoutExtension(path).normalize()
}
