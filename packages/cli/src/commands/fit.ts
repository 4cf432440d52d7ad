import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import { fitFlags, type FitFlags } from './fit-flags.ts'

export type FitCommandFlags = FitFlags & {
  readonly algorithm: string
  readonly out: string
}

export const fitCommand: Command<ImIadContext> = buildCommand<FitCommandFlags, [folder?: string], ImIadContext>({
  loader: async () => (await import('../actions/fit.ts')).fitAction,
  parameters: {
    flags: {
      ...fitFlags.flags,
      algorithm: { kind: 'parsed', parse: String, brief: 'The algorithm (im-iad list algorithms)', placeholder: 'id' },
      out: { kind: 'parsed', parse: String, default: 'model', brief: 'Where the model folder is written', placeholder: 'folder' },
    },
    aliases: { a: 'algorithm', d: 'dataset', c: 'category' },
    positional: {
      kind: 'tuple',
      parameters: [
        { parse: String, optional: true, brief: 'The pictures: good/ and bad/, train/ and test/, or good ones alone', placeholder: 'DIR' },
      ],
    },
  },
  docs: { brief: 'Fit one algorithm to good pictures and save the model with a threshold that means something' },
})
