import type { CommandContext, StricliProcess } from '@stricli/core'

/** What every command gets. */
export interface ImIadContext extends CommandContext {
  readonly process: CommandProcess
  readonly workingDirectory: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
  /** A line for people: standard error, so that standard output holds results only. */
  readonly say: (line: string) => void
  /** Results: standard output. */
  readonly print: (text: string) => void
  /** What the command will exit with. */
  readonly exitWith: (code: ExitCode) => void
}

/** 0 all done; 1 some experiments failed, some pictures could not be read; 2 usage or configuration; 3 an anomalous picture, where that was asked for; 130 interrupted, state saved. */
export type ExitCode = 0 | 1 | 2 | 3 | 130

/** The parts of Node's process that a command may touch. */
export interface CommandProcess extends StricliProcess {
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}
