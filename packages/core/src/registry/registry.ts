import { pathToFileURL } from 'node:url'
import { nearest } from '@im-iad/errors'
import type { Plugin, PluginKind, PluginOfKind } from '../contracts/plugin.ts'
import type { DiscoveredPlugin, Discovery } from '../discovery/discovered-plugin.ts'
import { isRecord } from '../discovery/package-manifest.ts'
import { ambiguousPlugin, unknownPlugin, unloadablePlugin } from '../errors/plugin-errors.ts'
import { pluginFaults } from './validate-plugin.ts'

/** The plugins that were found, by kind and id. */
export interface Registry {
  readonly discovery: Discovery
  /** All of one kind, sorted by id. */
  list(kind: PluginKind): readonly DiscoveredPlugin[]
  /**
   * The plugin that `name` means: an id, or `package/id` where two packages provide one id.
   * @throws ImIadError IM_IAD_E_UNKNOWN_PLUGIN, naming the nearest, or IM_IAD_E_AMBIGUOUS_PLUGIN, naming both packages
   */
  find(kind: PluginKind, name: string): DiscoveredPlugin
}

export function createRegistry(discovery: Discovery): Registry {
  const list = (kind: PluginKind): readonly DiscoveredPlugin[] =>
    discovery.plugins
      .filter((plugin) => plugin.kind === kind)
      .toSorted((a, b) => compareText(a.id, b.id) || compareText(a.package, b.package))
  return {
    discovery,
    list,
    find(kind, name) {
      const ofKind = list(kind)
      const matches = ofKind.filter((plugin) => plugin.id === name || `${plugin.package}/${plugin.id}` === name)
      const [match] = matches
      if (match === undefined) {
        const known = [...new Set(ofKind.map((plugin) => plugin.id))]
        throw unknownPlugin(kind, name, nearest(name, known), known, discovery.problems)
      }
      if (matches.length > 1) throw ambiguousPlugin(kind, name, matches)
      return match
    },
  }
}

/** Orders by UTF-16 code units: the same on every machine, unlike a locale's order. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What is needed to load a plugin: enough for another process to do it again. */
export type LoadablePlugin = Pick<DiscoveredPlugin, 'kind' | 'id' | 'package' | 'version' | 'entry'> &
  Partial<Pick<DiscoveredPlugin, 'declaredBy' | 'directory'>>

/**
 * Imports a plugin's entry and checks what it exports by default: a plugin, or a list of them.
 * @throws ImIadError IM_IAD_E_PLUGIN with package, version, path, who declared it, and what is wrong
 */
export async function loadPlugin<Kind extends PluginKind>(location: LoadablePlugin & { readonly kind: Kind }): Promise<PluginOfKind<Kind>> {
  const plugin: DiscoveredPlugin = { declaredBy: 'the experiment', directory: location.entry, ...location }
  let exported: unknown
  try {
    const module: unknown = await import(pathToFileURL(plugin.entry).href)
    exported = isRecord(module) ? module['default'] : undefined
  } catch (error) {
    throw unloadablePlugin(plugin, `its entry throws when it is imported: ${error instanceof Error ? error.message : String(error)}`, error)
  }
  const candidates: readonly unknown[] = Array.isArray(exported) ? exported : [exported]
  const named = candidates.find((candidate) => isRecord(candidate) && candidate['kind'] === plugin.kind && candidate['id'] === plugin.id)
  const chosen = named ?? candidates[0]
  const faults = pluginFaults(chosen, plugin.kind, plugin.id)
  if (faults.length > 0) throw unloadablePlugin(plugin, faults.join('; '))
  return chosen as PluginOfKind<Kind> & Plugin
}
