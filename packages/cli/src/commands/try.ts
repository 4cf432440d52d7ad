import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import { parsePositive, parseShare } from '../quantities.ts'
import { fitFlags, type FitFlags } from './fit-flags.ts'

export type TryFlags = FitFlags & {
  readonly algorithm?: readonly string[]
  readonly out?: string
  readonly costMiss?: number
  readonly costFalseAlarm?: number
  readonly badShare?: number
}

export const tryCommand: Command<ImIadContext> = buildCommand<TryFlags, [folder?: string], ImIadContext>({
  loader: async () => (await import('../actions/try.ts')).tryAction,
  parameters: {
    flags: {
      ...fitFlags.flags,
      algorithm: {
        kind: 'parsed',
        parse: String,
        variadic: ',',
        optional: true,
        brief: 'Algorithms to try; the fastest two that are installed when absent',
        placeholder: 'ids',
      },
      out: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Where report.html, try.json and model/ are written; DIR-try in the working directory when absent',
        placeholder: 'folder',
      },
      costMiss: {
        kind: 'parsed',
        parse: parsePositive,
        optional: true,
        brief: 'What a bad part that passes costs; with --cost-false-alarm it gives the cheapest threshold as well',
        placeholder: 'cost',
      },
      costFalseAlarm: {
        kind: 'parsed',
        parse: parsePositive,
        optional: true,
        brief: 'What a good part that is rejected costs',
        placeholder: 'cost',
      },
      badShare: {
        kind: 'parsed',
        parse: parseShare,
        optional: true,
        brief: 'The share of bad parts on the line, for the costs; 1% when absent',
        placeholder: 'share',
      },
    },
    aliases: { a: 'algorithm', d: 'dataset', c: 'category' },
    positional: {
      kind: 'tuple',
      parameters: [
        { parse: String, optional: true, brief: 'The pictures: good/ and bad/, train/ and test/, or good ones alone', placeholder: 'DIR' },
      ],
    },
  },
  docs: {
    brief:
      'Try the installed algorithms on a folder of good and bad pictures: which one, which threshold, how sure; saves a model and a page',
  },
})
