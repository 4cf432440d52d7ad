import { buildCommand, type Command, type TypedCommandFlagParameters } from '@stricli/core'
import type { ImIadContext } from '../context.ts'

export type AddFlags = {
  readonly json: boolean
}

export type RemoveFlags = AddFlags

const flags: TypedCommandFlagParameters<AddFlags, ImIadContext>['flags'] = {
  json: { kind: 'boolean', default: false, withNegated: false, brief: 'Print one JSON document' },
}

export const pluginsAddCommand: Command<ImIadContext> = buildCommand<AddFlags, string[], ImIadContext>({
  loader: async () => (await import('../actions/plugins-add.ts')).pluginsAddAction,
  parameters: {
    flags,
    positional: {
      kind: 'array',
      minimum: 1,
      parameter: { parse: String, brief: 'Packages: NAME, NAME@RANGE, ./FOLDER (linked) or FILE.tgz', placeholder: 'package' },
    },
  },
  docs: {
    brief: 'Install plugins with npm into a folder of im-iad, for every project; their scripts are not run',
    fullDescription:
      'Installs plugins with your npm and its settings into IM_IAD_HOME/plugins, where im-iad finds them from every folder. Scripts of packages are not run. ' +
      'What turns out to provide no plugins for this im-iad is undone. NAME@latest brings the newest version of what is there. In a project of your own, npm install does as well.',
  },
})

export const pluginsRemoveCommand: Command<ImIadContext> = buildCommand<RemoveFlags, string[], ImIadContext>({
  loader: async () => (await import('../actions/plugins-remove.ts')).pluginsRemoveAction,
  parameters: {
    flags,
    positional: {
      kind: 'array',
      minimum: 1,
      parameter: { parse: String, brief: 'Packages that were added, by name', placeholder: 'package' },
    },
  },
  docs: { brief: 'Uninstall plugins that were installed with "im-iad plugins add"' },
})
