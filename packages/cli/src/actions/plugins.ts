import { RECORD_SCHEMA } from '@im-iad/core'
import type { PluginFlags } from '../commands/plugin-flags.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'
import { sayProblems } from '../say-problems.ts'

/** `im-iad plugins`. */
export function pluginsAction(this: ImIadContext, flags: PluginFlags): Promise<void> {
  const { plugins, problems } = findPlugins(this, flags.plugin ?? []).discovery
  if (flags.json) {
    this.print(JSON.stringify({ schema: RECORD_SCHEMA, plugins, problems }))
    return Promise.resolve()
  }
  for (const directory of new Set(plugins.map((plugin) => plugin.directory))) {
    const group = plugins.filter((plugin) => plugin.directory === directory)
    const [first] = group
    if (first === undefined) continue
    this.print(
      `${first.package}@${first.version}\n  provides  ${group.map((plugin) => `${plugin.kind} ${plugin.id}`).join(', ')}\n  found in  ${first.directory}\n  declared  ${first.declaredBy}`,
    )
  }
  sayProblems(problems, this)
  return Promise.resolve()
}
