import { isImIadError, loadPlugin, RECORD_SCHEMA, type DiscoveredPlugin, type DiscoveryProblem, type SearchedPlace } from '@im-iad/core'
import type { PluginFlags } from '../commands/plugin-flags.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'
import { problemText, sayProblems } from '../say-problems.ts'

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

/** `im-iad plugins doctor`: loads every plugin; exits 1 when one can't be used. */
export async function pluginsDoctorAction(this: ImIadContext, flags: PluginFlags): Promise<void> {
  const registry = findPlugins(this, flags.plugin ?? [])
  const { places, plugins } = registry.discovery
  const problems = [...registry.discovery.problems]
  for (const plugin of plugins) problems.push(...(await loadingProblem(plugin)))
  problems.push(...duplicateIds(plugins))
  const broken = problems.filter((problem) => problem.severity === 'error').length
  if (broken > 0) this.exitWith(1)
  if (flags.json) return this.print(JSON.stringify({ schema: RECORD_SCHEMA, places, plugins, problems }))
  this.print('searched, nearest first:')
  for (const place of places) this.print(`  ${placeText(place)}`)
  this.print(
    `${plugins.length} plugins of ${new Set(plugins.map((plugin) => plugin.package)).size} packages; ${broken === 0 ? 'all load' : `${broken} problems`}`,
  )
  for (const problem of problems) this.print(problemText(problem))
}

const ROLES: Readonly<Record<SearchedPlace['role'], string>> = {
  requested: 'asked for',
  project: 'dependencies of',
  command: 'dependencies of the command',
  'beside-command': 'beside the command',
  managed: 'managed by im-iad',
}

function placeText({ role, path, exists, packages }: SearchedPlace): string {
  const found = exists ? `${packages} plugin package${packages === 1 ? '' : 's'}` : 'not there'
  return `${ROLES[role]}: ${path} (${found})`
}

async function loadingProblem(plugin: DiscoveredPlugin): Promise<readonly DiscoveryProblem[]> {
  try {
    await loadPlugin(plugin)
    return []
  } catch (error) {
    const { package: name, version, entry: path, declaredBy } = plugin
    const facts = isImIadError(error) ? error.facts : null
    const problem = `${plugin.kind} "${plugin.id}": ${facts?.problem ?? String(error)}`
    return [
      {
        severity: 'error',
        code: 'IM_IAD_E_PLUGIN',
        package: name,
        version,
        path,
        declaredBy,
        problem,
        fix: facts?.fix ?? `npm i ${name}@latest`,
      },
    ]
  }
}

/** Two packages that provide one id: no fault by itself, but unqualified use is refused. */
function duplicateIds(plugins: readonly DiscoveredPlugin[]): readonly DiscoveryProblem[] {
  return plugins.flatMap((plugin, index) => {
    const other = plugins.slice(0, index).find((earlier) => earlier.kind === plugin.kind && earlier.id === plugin.id)
    if (other === undefined) return []
    const { package: name, version, directory: path, declaredBy } = plugin
    const problem = `${plugin.kind} "${plugin.id}" is also provided by ${other.package}@${other.version}`
    return [
      {
        severity: 'note' as const,
        code: 'IM_IAD_E_AMBIGUOUS_PLUGIN' as const,
        package: name,
        version,
        path,
        declaredBy,
        problem,
        fix: `say ${name}/${plugin.id} or ${other.package}/${other.id}`,
      },
    ]
  })
}
