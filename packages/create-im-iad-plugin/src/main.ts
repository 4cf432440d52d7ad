import { readFileSync } from 'node:fs'
import { isImIadError } from '@im-iad/errors'
import { buildApplication, buildCommand, run, text_en, type Application } from '@stricli/core'
import type { CreateContext } from './context.ts'
import type { CreateFlags } from './create.ts'
import { LICENSES } from './license.ts'
import { PLUGIN_TEMPLATES } from './plugin-template.ts'

const NAME = 'create-im-iad-plugin'
const { version }: { readonly version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

const command = buildCommand<CreateFlags, [folder?: string], CreateContext>({
  loader: async () => (await import('./create.ts')).createAction,
  parameters: {
    flags: {
      kind: { kind: 'parsed', parse: String, optional: true, brief: PLUGIN_TEMPLATES.map((known) => known.kind).join(', ') },
      name: { kind: 'parsed', parse: String, optional: true, brief: "The package's name, with a scope or without" },
      directory: { kind: 'parsed', parse: String, optional: true, brief: 'Where it goes: a folder that is empty or not there yet' },
      license: { kind: 'parsed', parse: String, optional: true, brief: LICENSES.map(({ id }) => id).join(', ') },
      yes: { kind: 'boolean', default: false, withNegated: false, brief: 'Ask nothing: defaults for what is not given' },
    },
    aliases: { y: 'yes' },
    positional: {
      kind: 'tuple',
      parameters: [{ parse: String, optional: true, brief: 'The same as --directory', placeholder: 'directory' }],
    },
  },
  docs: { brief: 'Writes a dataset, algorithm, paradigm or metric package for im-iad that builds and passes its conformance test' },
})

const application: Application<CreateContext> = buildApplication(command, {
  name: NAME,
  versionInfo: { currentVersion: version },
  determineExitCode: () => 2,
  localization: { text: { ...text_en, exceptionWhileRunningCommand: describe } },
})

/** Runs the command line and sets the process's exit code. Never throws. */
export async function main(parameters: readonly string[]): Promise<void> {
  let exitCode = 0
  const commandProcess = { stdout: process.stdout, stderr: process.stderr, env: process.env, exitCode: null as number | string | null }
  await run(application, parameters, {
    process: commandProcess,
    workingDirectory: process.cwd(),
    environment: process.env,
    hasTerminal: process.stdin.isTTY && process.stdout.isTTY && process.env['CI'] === undefined,
    print: (text) => void process.stdout.write(`${text}\n`),
    exitWith: (code) => {
      exitCode = code
    },
  })
  // Stricli sets a negative code for what it can't parse and 0 otherwise.
  const parsing = Number(commandProcess.exitCode ?? 0)
  process.exitCode = parsing === 0 ? exitCode : 2
}

function describe(error: unknown): string {
  if (isImIadError(error)) return `${NAME}: ${error.message}`
  if (error instanceof Error) return `${NAME}: unexpected error; please report it with this text\n${error.stack ?? error.message}`
  return `${NAME}: ${String(error)}`
}
