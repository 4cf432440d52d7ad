import type { DiscoveredPlugin } from '../discovery/discovered-plugin.ts'
import type { PluginLocation } from './record.ts'

/** The part of a discovered plugin that a job carries. */
export function pluginLocation(plugin: DiscoveredPlugin): PluginLocation {
  const { kind, id, package: name, version, entry, directory, declaredBy, foundIn } = plugin
  return { kind, id, package: name, version, entry, directory, declaredBy, foundIn }
}
