import { dirname } from 'node:path'
import { nearest } from '@im-iad/errors'
import { CONTRACT_VERSION, type Plugin, type PluginKind, type PluginOfKind } from '../contracts/plugin.ts'
import type { DiscoveredPlugin, Discovery } from '../discovery/discovered-plugin.ts'
import { isRecord } from '../discovery/package-manifest.ts'
import { ambiguousPlugin, disagreeingContract, invalidPlugin, unknownPlugin } from '../errors/plugin-errors.ts'
import { importDefault } from './import-entry.ts'
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

/** What is needed to load a plugin: enough for another process to do it again. The rest is for messages. */
export type LoadablePlugin = Pick<DiscoveredPlugin, 'kind' | 'id' | 'package' | 'version' | 'entry'> &
  Partial<Pick<DiscoveredPlugin, 'declaredBy' | 'directory' | 'foundIn'>>

export interface LoadOptions {
  /** How long an entry may take to import; plugins do nothing heavy there. */
  readonly secondsToImport?: number
}

/**
 * Imports a plugin's entry and checks what it exports by default: a plugin, or a list of them.
 * @throws ImIadError IM_IAD_E_PLUGIN, IM_IAD_E_ENTRY, IM_IAD_E_CONTRACT or IM_IAD_E_MISSING_PACKAGE with package, version, path, who declared it,
 *   what is wrong and the remedy
 */
export async function loadPlugin<Kind extends PluginKind>(
  location: LoadablePlugin & { readonly kind: Kind },
  { secondsToImport = 60 }: LoadOptions = {},
): Promise<PluginOfKind<Kind>> {
  const plugin: DiscoveredPlugin = { declaredBy: 'the experiment', directory: dirname(location.entry), foundIn: 'requested', ...location }
  const chosen = choose(plugin, await importDefault(plugin, secondsToImport))
  if (isRecord(chosen) && chosen['contract'] !== CONTRACT_VERSION) throw disagreeingContract(plugin, chosen['contract'])
  const faults = faultsOf(chosen, plugin)
  if (faults.length > 0) throw invalidPlugin(plugin, faults.join('; '))
  return chosen as PluginOfKind<Kind> & Plugin
}

/** The plugin itself, or the one that is meant of a list. */
function choose(plugin: DiscoveredPlugin, exported: unknown): unknown {
  if (!Array.isArray(exported)) return exported
  const named = exported.find(
    (candidate: unknown) => isRecord(candidate) && candidate['kind'] === plugin.kind && candidate['id'] === plugin.id,
  )
  if (named !== undefined) return named
  const listed = exported.map((candidate: unknown) =>
    isRecord(candidate) ? `${String(candidate['kind'])} "${String(candidate['id'])}"` : typeof candidate,
  )
  throw invalidPlugin(plugin, `the list that its entry exports holds ${listed.join(', ') || 'nothing'}, not ${plugin.kind} "${plugin.id}"`)
}

function faultsOf(value: unknown, { kind, id }: DiscoveredPlugin): readonly string[] {
  try {
    return pluginFaults(value, kind, id)
  } catch (error) {
    return [`reading its members throws: ${error instanceof Error ? error.message : String(error)}`]
  }
}
