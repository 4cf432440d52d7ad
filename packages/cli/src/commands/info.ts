import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import { pluginFlags, type PluginFlags } from './plugin-flags.ts'

export const infoCommand: Command<ImIadContext> = buildCommand<PluginFlags, [id: string], ImIadContext>({
  loader: async () => (await import('../actions/info.ts')).infoAction,
  parameters: {
    ...pluginFlags,
    positional: {
      kind: 'tuple',
      parameters: [{ parse: String, brief: 'A plugin id, or package/id; or the folder of a fitted model', placeholder: 'id' }],
    },
  },
  docs: { brief: 'Show what a plugin or a fitted model is, its parameters and where it comes from' },
})
