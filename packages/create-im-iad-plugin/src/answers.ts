import { basename, join } from 'node:path'
import type { License } from './license.ts'
import { nameProblems } from './package-name.ts'
import { templateOf, type TemplateKind } from './plugin-template.ts'

/** What the user has said so far. */
export interface Answers {
  readonly kind?: TemplateKind | undefined
  readonly name?: string | undefined
  /** As it was typed, relative to where the command runs. */
  readonly directory?: string | undefined
  readonly license?: License | undefined
}

export type CompleteAnswers = { readonly [Key in keyof Answers]-?: Exclude<Answers[Key], undefined> }

/** A package name after the folder's, where that makes one. */
export function defaultName(kind: TemplateKind, directory: string | undefined): string {
  const folder = directory === undefined ? '' : basename(directory)
  const { prefix } = templateOf(kind)
  if (folder === '' || nameProblems(`${prefix}${folder}`).length > 0) return `${prefix}example`
  return folder.startsWith('im-iad-') ? folder : `${prefix}${folder}`
}

/** A folder after the package's name, without its scope. */
export function defaultDirectory(name: string): string {
  return join('.', name.replace(/^@[^/]*\//, ''))
}

/** Fills in what was not said: `--yes`. */
export function withDefaults({
  kind = 'algorithm',
  directory,
  name = defaultName(kind, directory),
  license = 'MIT',
}: Answers): CompleteAnswers {
  return { kind, name, directory: directory ?? defaultDirectory(name), license }
}
