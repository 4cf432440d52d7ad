import { once } from 'node:events'
import { visibleText } from '@im-iad/core'
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
  const results = divertPlugins()
  const commandProcess: CommandProcess = { stdout: results.stream, stderr: process.stderr, env: process.env, exitCode: null }
  const context: ImIadContext = {
    process: commandProcess,
    workingDirectory: process.cwd(),
    environment: process.env,
    signal: interruption.signal,
    say: (line) => void process.stderr.write(`${visibleText(line)}\n`),
    print: (text) => void results.stream.write(visibleResult(text)),
    exitWith: (code) => {
      exitCode = code
    },
  }
  await run(application, argumentsGiven, context)
  results.restore()
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

/** Standard output, for results only. */
interface ResultStream {
  readonly stream: NodeJS.WriteStream
  readonly restore: () => void
}

/** Until `restore`, what plugins print while they are imported, or work in this process, goes to standard error: standard output is for results. */
function divertPlugins(): ResultStream {
  const { stdout, stderr } = process
  const { write } = stdout
  stdout.write = stderr.write.bind(stderr)
  return {
    stream: Object.create(stdout, { write: { value: write.bind(stdout) } }),
    restore: () => {
      stdout.write = write
    },
  }
}

const BOLD = ['\u001B[1m', '\u001B[22m'] as const

/** Results with every invisible character written out, but for our own bold type. In a JSON document it is the same text. */
function visibleResult(text: string): string {
  const [on, off] = BOLD
  const shown = text
    .split(on)
    .map((part) => part.split(off).map(visibleText).join(off))
    .join(on)
  return shown.endsWith('\n') ? shown : `${shown}\n`
}

/** Large results to a pipe are written piece by piece. */
async function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength > 0 && !stream.destroyed)
    await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => undefined)
}
