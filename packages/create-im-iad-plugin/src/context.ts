import type { CommandContext, StricliProcess } from '@stricli/core'

/** What the command gets. */
export interface CreateContext extends CommandContext {
  readonly process: StricliProcess
  readonly workingDirectory: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Whether somebody can be asked. */
  readonly hasTerminal: boolean
  readonly print: (text: string) => void
  /** 2: wrong usage; 130: given up. */
  readonly exitWith: (code: 2 | 130) => void
}
