import { run } from '@stricli/core'
import { application } from '../../src/application.ts'
import type { ImIadContext } from '../../src/context.ts'
import { temporaryFolder, type Outcome } from './im-iad.ts'

/** Runs the command line in this process: the same routes and actions in a tenth of the time, where signals and exits are not what is tested. */
export async function imIadHere(parameters: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  const parts = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr'): NodeJS.WriteStream => {
    const write = (text: string): boolean => {
      parts[name] += text
      return true
    }
    return { write } as NodeJS.WriteStream
  }
  let code = 0
  const commandProcess: ImIadContext['process'] = { stdout: stream('stdout'), stderr: stream('stderr'), env, exitCode: null }
  const context: ImIadContext = {
    process: commandProcess,
    workingDirectory: await temporaryFolder(),
    environment: env,
    signal: new AbortController().signal,
    say: (line) => void commandProcess.stderr.write(`${line}\n`),
    print: (text) => void commandProcess.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    exitWith: (given) => {
      code = given
    },
  }
  await run(application, parameters, context)
  const parsing = Number(commandProcess.exitCode ?? 0)
  return { code: parsing === 0 ? code : parsing < 0 ? 2 : parsing, ...parts }
}
