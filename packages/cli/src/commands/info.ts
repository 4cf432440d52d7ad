import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import type { ListFlags } from './list.ts'

export const infoCommand: Command<ImIadContext> = buildCommand<ListFlags, [id: string], ImIadContext>({
  loader: async () => (await import('../actions/info.ts')).infoAction,
  parameters: {
    flags: {
      plugin: {
        kind: 'parsed',
        parse: String,
        variadic: true,
        optional: true,
        brief: 'A plugin package by name or folder, looked at first',
        placeholder: 'package',
      },
      json: { kind: 'boolean', default: false, withNegated: false, brief: 'Print one JSON document' },
    },
    positional: { kind: 'tuple', parameters: [{ parse: String, brief: 'A plugin id, or package/id', placeholder: 'id' }] },
  },
  docs: { brief: 'Show what a plugin is, its parameters and where it comes from' },
})
