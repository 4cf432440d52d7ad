import { buildCommand, buildRouteMap, type RouteMap } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import type { ListFlags } from './list.ts'

const parameters = {
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
} as const

export const pluginsRoutes: RouteMap<ImIadContext> = buildRouteMap<'list' | 'doctor', ImIadContext>({
  routes: {
    list: buildCommand<ListFlags, [], ImIadContext>({
      loader: async () => (await import('../actions/plugins.ts')).pluginsAction,
      parameters,
      docs: { brief: 'The packages that provide plugins, and where they were found' },
    }),
    doctor: buildCommand<ListFlags, [], ImIadContext>({
      loader: async () => (await import('../actions/plugins.ts')).pluginsDoctorAction,
      parameters,
      docs: { brief: 'Every place that was searched; loads every plugin and says what is wrong with it' },
    }),
  },
  defaultCommand: 'list',
  docs: { brief: 'Show where plugins come from, and what is wrong with them' },
})
