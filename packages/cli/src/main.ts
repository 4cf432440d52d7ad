import { once } from 'node:events'
import { run } from '@stricli/core'
import { application } from './application.ts'
import type { CommandProcess, ExitCode, ImIadContext } from './context.ts'

/** How long a command may take to stop by itself after Ctrl-C, in milliseconds. */
const GRACE = 800

/** Runs the command line and sets the process's exit code. Never throws. */
export async function main(argumentsGiven: readonly string[]): Promise<void> {
  const interruption = new AbortController()
  const onSignal = (): void => interrupt(interruption)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  ignoreClosedStreams()
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
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal)
  // An experiment in this process may not have noticed.
  if (interruption.signal.aborted) process.exit()
}

/** The first time, commands are asked to stop, and left no choice when they don't; the second time, this is the end. Experiments end with this process. */
function interrupt(interruption: AbortController): void {
  if (interruption.signal.aborted) leave()
  interruption.abort()
  setTimeout(leave, GRACE).unref()
}

/** Exits at once; a progress bar may have hidden the terminal's cursor. */
function leave(): never {
  process.stderr.write(`${process.stderr.isTTY ? '\u001B[?25h\n' : ''}im-iad: interrupted\n`)
  process.exit(130)
}

/** A reader that has gone away (`| head`, a closed terminal) must not stop a run whose results are on disk. */
function ignoreClosedStreams(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

/** Large results to a pipe are written piece by piece. */
async function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength > 0 && !stream.destroyed)
    await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => undefined)
}
