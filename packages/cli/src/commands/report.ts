import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'

export type ReportFlags = {
  readonly html?: string
  readonly format: 'table' | 'markdown' | 'latex' | 'csv' | 'json'
  readonly by: 'experiment' | 'evaluation'
  readonly runs: string
}

export const reportCommand: Command<ImIadContext> = buildCommand<ReportFlags, string[], ImIadContext>({
  loader: async () => (await import('../actions/report.ts')).reportAction,
  parameters: {
    flags: {
      html: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Write one self-contained offline page with the worst misses and false alarms',
        placeholder: 'file',
      },
      format: {
        kind: 'enum',
        values: ['table', 'markdown', 'latex', 'csv', 'json'],
        default: 'table',
        brief: 'How the results are printed',
      },
      by: {
        kind: 'enum',
        values: ['experiment', 'evaluation'],
        default: 'experiment',
        brief: 'What a line of --format csv is; evaluations are those of every task after every task',
      },
      runs: { kind: 'parsed', parse: String, default: 'runs', brief: 'The folder of all runs', placeholder: 'folder' },
    },
    positional: { kind: 'array', minimum: 1, parameter: { parse: String, brief: 'Runs, by name or folder', placeholder: 'run' } },
  },
  docs: { brief: 'Show the results of runs' },
})
