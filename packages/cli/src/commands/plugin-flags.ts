import type { TypedCommandFlagParameters } from '@stricli/core'
import type { ImIadContext } from '../context.ts'

type PluginFlag = {
  readonly plugin?: readonly string[]
}

/** The flags of every command that looks at plugins and runs nothing. */
export type PluginFlags = PluginFlag & {
  readonly json: boolean
}

export const pluginFlag: TypedCommandFlagParameters<PluginFlag, ImIadContext> = {
  flags: {
    plugin: {
      kind: 'parsed',
      parse: String,
      variadic: true,
      optional: true,
      brief: 'A plugin package by name or folder, looked at first. May be given again',
      placeholder: 'package',
    },
  },
}

export const pluginFlags: TypedCommandFlagParameters<PluginFlags, ImIadContext> = {
  flags: {
    ...pluginFlag.flags,
    json: { kind: 'boolean', default: false, withNegated: false, brief: 'Print one JSON document' },
  },
}
