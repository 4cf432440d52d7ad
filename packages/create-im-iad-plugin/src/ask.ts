import { isCancel, select, text } from '@clack/prompts'
import type { Readable, Writable } from 'node:stream'
import { defaultDirectory, defaultName, type Answers, type CompleteAnswers } from './answers.ts'
import { LICENSES, type License } from './license.ts'
import { nameProblems } from './package-name.ts'
import { PLUGIN_TEMPLATES, type TemplateKind } from './plugin-template.ts'

/** A terminal; the process's own by default. */
export interface Terminal {
  readonly input?: Readable
  readonly output?: Writable
}

/** Asks for what was not said. @returns `null` when the user gave up (Ctrl-C) */
export async function ask(known: Answers, terminal: Terminal = {}): Promise<CompleteAnswers | null> {
  const kind =
    known.kind ?? (await select<TemplateKind>({ ...terminal, message: 'What does your plugin provide?', options: kindOptions() }))
  if (isCancel(kind)) return null
  const name = known.name ?? (await askText(terminal, 'Package name', defaultName(kind, known.directory), nameProblem))
  if (isCancel(name)) return null
  const directory = known.directory ?? (await askText(terminal, 'Folder', defaultDirectory(name), () => undefined))
  if (isCancel(directory)) return null
  const license = known.license ?? (await select<License>({ ...terminal, message: 'Licence', options: licenseOptions() }))
  if (isCancel(license)) return null
  return { kind, name, directory, license }
}

function askText(terminal: Terminal, message: string, fallback: string, validate: (given: string) => string | undefined) {
  return text({
    ...terminal,
    message,
    placeholder: fallback,
    defaultValue: fallback,
    validate: (given) => (given === undefined || given === '' ? undefined : validate(given)),
  })
}

function nameProblem(given: string): string | undefined {
  const problems = nameProblems(given)
  return problems.length === 0 ? undefined : problems.join('; ')
}

function kindOptions(): { value: TemplateKind; label: string; hint: string }[] {
  return PLUGIN_TEMPLATES.map(({ kind, purpose }) => ({ value: kind, label: kind, hint: purpose }))
}

function licenseOptions(): { value: License; label: string; hint: string }[] {
  return LICENSES.map(({ id, meaning }) => ({ value: id, label: id, hint: meaning }))
}
