import { PLUGIN_KINDS, type PluginKind } from '@im-iad/core'
import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import { parseKind } from '../plugin-kinds.ts'

export type ListFlags = {
  readonly plugin?: readonly string[]
  readonly json: boolean
}

export const listCommand: Command<ImIadContext> = buildCommand<ListFlags, [kind?: PluginKind], ImIadContext>({
  loader: async () => (await import('../actions/list.ts')).listAction,
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
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: parseKind,
          optional: true,
          brief: `Only one kind: ${PLUGIN_KINDS.map((kind) => `${kind}s`).join(', ')}`,
          placeholder: 'kind',
        },
      ],
    },
  },
  docs: { brief: 'List the plugins that are found, without importing them' },
})
