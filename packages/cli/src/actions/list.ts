import { PLUGIN_KINDS, RECORD_SCHEMA, type DiscoveredPlugin, type PluginKind } from '@im-iad/core'
import type { PluginFlags } from '../commands/plugin-flags.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'
import { sayProblems } from '../say-problems.ts'

/** `im-iad list`. Reads manifests only: no plugin, and no heavy library, is imported. */
export function listAction(this: ImIadContext, flags: PluginFlags, kind?: PluginKind): Promise<void> {
  const registry = findPlugins(this, flags.plugin ?? [])
  const kinds = kind === undefined ? PLUGIN_KINDS : [kind]
  const plugins = kinds.flatMap((each) => registry.list(each))
  const { problems } = registry.discovery
  if (flags.json) {
    const listed = plugins.map(({ directory, ...plugin }) => ({ ...plugin, path: directory }))
    this.print(JSON.stringify({ schema: RECORD_SCHEMA, plugins: listed, problems }))
    return Promise.resolve()
  }
  for (const each of kinds) {
    const ofKind = registry.list(each)
    if (ofKind.length === 0 && kind === undefined) continue
    this.print(`${each}s`)
    const names = ofKind.map((plugin) => nameToType(plugin, ofKind))
    const width = Math.max(0, ...names.map((name) => name.length))
    for (const [index, plugin] of ofKind.entries())
      this.print(`  ${(names[index] ?? plugin.id).padEnd(width)}  ${plugin.package}@${plugin.version}`)
    if (ofKind.length === 0) this.print('  none installed')
  }
  sayProblems(problems, this)
  return Promise.resolve()
}

/** The id, and `package/id` where another package provides the same. */
function nameToType(plugin: DiscoveredPlugin, ofKind: readonly DiscoveredPlugin[]): string {
  return ofKind.some((other) => other !== plugin && other.id === plugin.id) ? `${plugin.package}/${plugin.id}` : plugin.id
}
