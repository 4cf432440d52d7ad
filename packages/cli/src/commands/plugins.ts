import { buildCommand, buildRouteMap, type RouteMap } from '@stricli/core'
import type { ImIadContext } from '../context.ts'
import { pluginsCheckCommand } from './check-plugins.ts'
import { pluginsAddCommand, pluginsRemoveCommand } from './managed-plugins.ts'
import { pluginFlags, type PluginFlags } from './plugin-flags.ts'

export const pluginsRoutes: RouteMap<ImIadContext> = buildRouteMap<'list' | 'doctor' | 'check' | 'add' | 'remove', ImIadContext>({
  routes: {
    list: buildCommand<PluginFlags, [], ImIadContext>({
      loader: async () => (await import('../actions/plugins.ts')).pluginsAction,
      parameters: pluginFlags,
      docs: { brief: 'The packages that provide plugins, and where they were found' },
    }),
    doctor: buildCommand<PluginFlags, [], ImIadContext>({
      loader: async () => (await import('../actions/plugins-doctor.ts')).pluginsDoctorAction,
      parameters: pluginFlags,
      docs: { brief: 'Every place that was searched; loads every plugin and says what is wrong with it' },
    }),
    check: pluginsCheckCommand,
    add: pluginsAddCommand,
    remove: pluginsRemoveCommand,
  },
  defaultCommand: 'list',
  docs: { brief: 'Show where plugins come from and what is wrong with them; add and remove some' },
})
