import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { RequestedPackage } from './requested-package.ts'

/** Under which names npm noted what was asked for: of folders and tarballs only it knows them. */
export function installedNames(
  requested: readonly RequestedPackage[],
  dependencies: ReadonlyMap<string, string>,
  folder: string,
): readonly string[] {
  const local = new Map(
    [...dependencies].flatMap(([name, noted]) => (noted.startsWith('file:') ? [[realPath(resolve(folder, noted.slice(5))), name]] : [])),
  )
  return [
    ...new Set(
      requested.map((request) => (request.kind === 'registry' ? request.name : (local.get(request.argument) ?? request.argument))),
    ),
  ]
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
