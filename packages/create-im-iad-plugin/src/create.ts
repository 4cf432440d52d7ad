import { resolve } from 'node:path'
import { withDefaults, type Answers } from './answers.ts'
import { ask } from './ask.ts'
import { parseKind, parseLicense } from './choices.ts'
import type { CreateContext } from './context.ts'
import { nobodyToAsk } from './errors/scaffold-errors.ts'
import { nextSteps } from './next-steps.ts'
import { checkName } from './package-name.ts'
import { scaffold } from './scaffold.ts'
import { checkTarget } from './target-folder.ts'

/** As they were typed. */
export type CreateFlags = { readonly [Key in keyof Answers]: string | undefined } & { readonly yes: boolean }

/** `npm create im-iad-plugin`. What can be known to be wrong is said before anything is asked. */
export async function createAction(this: CreateContext, flags: CreateFlags, folder?: string): Promise<void> {
  const { name, directory = folder, yes } = flags
  const kind = flags.kind === undefined ? undefined : parseKind(flags.kind)
  const license = flags.license === undefined ? undefined : parseLicense(flags.license)
  const given: Answers = { kind, name, directory, license }
  if (name !== undefined) checkName(name)
  if (directory !== undefined) await checkTarget(resolve(this.workingDirectory, directory))
  const missing = (['kind', 'name'] as const).filter((key) => given[key] === undefined)
  if (!yes && missing.length > 0 && !this.hasTerminal) throw nobodyToAsk(missing.map((key) => `--${key}`))
  const answers = yes || !this.hasTerminal ? withDefaults(given) : await ask(given)
  if (answers === null) {
    this.exitWith(130)
    return
  }
  const target = resolve(this.workingDirectory, answers.directory)
  const written = await scaffold({ ...answers, directory: target })
  this.print(nextSteps(answers, written, target, this.workingDirectory, this.environment['npm_config_user_agent']))
}
