import { buildCommand, numberParser, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import { pluginFlag } from './plugin-flags.ts'
import { threadsFlag } from './threads-flag.ts'

export type PredictFlags = {
  readonly format: 'csv' | 'jsonl'
  readonly maps?: string
  readonly watch?: string
  readonly failOn?: 'anomalous'
  readonly threshold?: number
  readonly threads?: number
  readonly plugin?: readonly string[]
}

export const predictCommand: Command<ImIadContext> = buildCommand<PredictFlags, string[], ImIadContext>({
  loader: async () => (await import('../actions/predict.ts')).predictAction,
  parameters: {
    flags: {
      format: { kind: 'enum', values: ['csv', 'jsonl'], default: 'csv', brief: 'CSV (path,score,decision) or a JSON object per line' },
      maps: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Write a heat map beside each picture into this folder (PNG)',
        placeholder: 'folder',
      },
      watch: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Score what is in this folder and whatever is put there, until Ctrl-C',
        placeholder: 'folder',
      },
      failOn: { kind: 'enum', values: ['anomalous'], optional: true, brief: 'Exit with 3 when a picture is anomalous' },
      threshold: {
        kind: 'parsed',
        parse: numberParser,
        optional: true,
        brief: "Decide by this threshold instead of the model's: anomalous is what scores above it",
        placeholder: 'number',
      },
      ...threadsFlag.flags,
      ...pluginFlag.flags,
    },
    positional: {
      kind: 'array',
      minimum: 1,
      parameter: {
        parse: String,
        brief: 'The model folder, then pictures, folders of them, or - for paths on standard input',
        placeholder: 'model|picture',
      },
    },
  },
  docs: {
    brief: 'Decide on pictures with a fitted model',
    fullDescription:
      'Decide on pictures with a fitted model: a line per picture with its score and good, anomalous or unreadable.\nExit codes: 0 all decided; 3 a picture is anomalous and --fail-on anomalous was given; 1 a picture could not be read (and 3 does not apply); 2 wrong use, or no such model; 130 interrupted.',
  },
})
