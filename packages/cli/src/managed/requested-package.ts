import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import npa from 'npm-package-arg'
import { missingLocalPackage, unusableRequest } from './managed-errors.ts'

/** What `im-iad plugins add` was asked for, in npm's terms. */
export type RequestedPackage =
  /** `argument` is what npm is given: `name@range`. */
  | { readonly kind: 'registry'; readonly name: string; readonly argument: string }
  /** `argument` is an absolute path, by its real folders. */
  | { readonly kind: 'folder' | 'tarball'; readonly argument: string }

/**
 * Reads NAME, NAME@RANGE, FOLDER or TARBALL as npm does. Git repositories and addresses are refused: they would be built by scripts, which do not run here.
 * @param from - where relative paths start
 * @throws ImIadError IM_IAD_E_PLUGIN_REQUEST
 */
export function parseRequest(text: string, from: string): RequestedPackage {
  const parsed = parse(text, from)
  switch (parsed.type) {
    case 'tag':
    case 'version':
    case 'range':
      if (parsed.name === null) throw unusableRequest(text, 'it names no package')
      return { kind: 'registry', name: parsed.name, argument: text }
    case 'directory':
      return { kind: 'folder', argument: localPath(text, parsed, 'package.json') }
    case 'file':
      return { kind: 'tarball', argument: localPath(text, parsed, '') }
    default:
      throw unusableRequest(text, `npm would take it for ${KINDS[parsed.type]}`)
  }
}

const KINDS = { git: 'a git repository', remote: 'an address', alias: 'an alias' } as const

function parse(text: string, from: string): npa.Result {
  try {
    return npa(text, from)
  } catch (error) {
    throw unusableRequest(text, error instanceof Error ? error.message : String(error))
  }
}

function localPath(text: string, { fetchSpec }: npa.Result, inside: string): string {
  const path = fetchSpec ?? text
  if (!existsSync(join(path, inside))) throw missingLocalPackage(text, path)
  return realpathSync(path)
}
