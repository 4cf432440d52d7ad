import { PLUGIN_KINDS, type PluginKind } from '@im-iad/core'
import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import { parseKind } from '../plugin-kinds.ts'
import { pluginFlags, type PluginFlags } from './plugin-flags.ts'

export const listCommand: Command<ImIadContext> = buildCommand<PluginFlags, [kind?: PluginKind], ImIadContext>({
  loader: async () => (await import('../actions/list.ts')).listAction,
  parameters: {
    ...pluginFlags,
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
