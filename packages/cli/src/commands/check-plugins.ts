import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'

export type CheckPluginsFlags = {
  readonly set?: readonly string[]
  readonly dataRoot?: string
  readonly complete: boolean
  readonly weights?: string
  readonly backbone?: string
  readonly why: boolean
  readonly json: boolean
}

export const pluginsCheckCommand: Command<ImIadContext> = buildCommand<CheckPluginsFlags, [folder?: string], ImIadContext>({
  loader: async () => (await import('../actions/check-plugins.ts')).checkPluginsAction,
  parameters: {
    flags: {
      set: {
        kind: 'parsed',
        parse: String,
        variadic: true,
        optional: true,
        brief: 'A parameter, NAME=VALUE, over budget smoke or the defaults. May be given again',
        placeholder: 'setting',
      },
      dataRoot: { kind: 'parsed', parse: String, optional: true, brief: 'Data for a dataset to read', placeholder: 'folder' },
      complete: { kind: 'boolean', default: false, withNegated: false, brief: "The data is the publisher's whole copy: check the counts" },
      weights: { kind: 'parsed', parse: String, optional: true, brief: 'Weights for a backbone to read', placeholder: 'file' },
      backbone: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'A module whose default export opens backbones for an algorithm; a stand-in without it',
        placeholder: 'module',
      },
      why: { kind: 'boolean', default: false, withNegated: false, brief: 'Say of every check why it is made' },
      json: { kind: 'boolean', default: false, withNegated: false, brief: 'Print one JSON document' },
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { parse: String, optional: true, brief: 'The folder of a built plugin package; this one by default', placeholder: 'folder' },
      ],
    },
  },
  docs: { brief: 'Run the conformance checks on a plugin package that you are writing' },
})
