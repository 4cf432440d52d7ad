import { once } from 'node:events'
import { visibleText } from '@im-iad/core'
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
  process.off('SIGINT', onSignal)
  process.off('SIGTERM', onSignal)
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
  if (stream.writableLength > 0) await once(stream, 'drain')
}
