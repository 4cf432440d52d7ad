import { once } from 'node:events'
import { run } from '@stricli/core'
import { application } from './application.ts'
import type { CommandProcess, ExitCode, ImIadContext } from './context.ts'

/** Runs the command line and sets the process's exit code. Never throws. */
export async function main(argumentsGiven: readonly string[]): Promise<void> {
  const interruption = new AbortController()
  const onSignal = (): void => interruption.abort()
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  let exitCode: ExitCode = 0
  const commandProcess: CommandProcess = { stdout: process.stdout, stderr: process.stderr, env: process.env, exitCode: null }
  const context: ImIadContext = {
    process: commandProcess,
    workingDirectory: process.cwd(),
    environment: process.env,
    signal: interruption.signal,
    say: (line) => void process.stderr.write(`${line}\n`),
    print: (text) => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    exitWith: (code) => {
      exitCode = code
    },
  }
  await run(application, argumentsGiven, context)
  // Stricli sets a negative code for what it can't parse and 0 otherwise.
  const parsing = Number(commandProcess.exitCode ?? 0)
  process.exitCode = parsing === 0 ? exitCode : parsing < 0 ? 2 : parsing
  await flush(process.stdout)
  process.off('SIGINT', onSignal)
  process.off('SIGTERM', onSignal)
}

/** Large results to a pipe are written piece by piece. */
async function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength > 0) await once(stream, 'drain')
}
