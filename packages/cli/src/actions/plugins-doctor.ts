import {
  isImIadError,
  loadPlugin,
  RECORD_SCHEMA,
  type DiscoveredPlugin,
  type DiscoveryProblem,
  type FoundPackage,
  type SearchedPlace,
} from '@im-iad/core'
import type { PluginFlags } from '../commands/plugin-flags.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'
import { problemText } from '../say-problems.ts'

/** `im-iad plugins doctor`: loads every plugin; exits 1 when one can't be used. */
export async function pluginsDoctorAction(this: ImIadContext, flags: PluginFlags): Promise<void> {
  const { places, plugins, problems: found } = findPlugins(this, flags.plugin ?? []).discovery
  const problems = [...found]
  for (const plugin of plugins) problems.push(...(await loadingProblems(plugin)))
  const broken = problems.filter((problem) => problem.severity === 'error').length
  if (broken > 0) this.exitWith(1)
  if (flags.json) return this.print(JSON.stringify({ schema: RECORD_SCHEMA, places, plugins, problems }))
  this.print('searched, nearest first:')
  for (const place of places) this.print(placeText(place))
  const packages = new Set(plugins.map((plugin) => plugin.package)).size
  this.print(
    `${counted(plugins.length, 'plugin')} of ${counted(packages, 'package')}; ${broken === 0 ? 'all load' : counted(broken, 'problem')}`,
  )
  for (const problem of problems) this.print(problemText(problem))
}

const ROLES: Readonly<Record<SearchedPlace['role'], string>> = {
  requested: 'asked for',
  project: 'dependencies of',
  command: 'dependencies of the command',
  'beside-command': 'beside the command',
  managed: 'added with "im-iad plugins add"',
}

const STATES: Readonly<Record<FoundPackage['state'], string>> = {
  used: '',
  again: '  (found already)',
  shadowed: '  (a nearer copy is used)',
  refused: '  (left out, see below)',
}

function placeText({ role, path, exists, packages, found }: SearchedPlace): string {
  const headline = `  ${ROLES[role]}: ${path} (${exists ? counted(packages, 'plugin package') : 'not there'})`
  return [headline, ...found.map(({ package: name, version, state }) => `    ${name}@${version}${STATES[state]}`)].join('\n')
}

function counted(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}

async function loadingProblems(plugin: DiscoveredPlugin): Promise<readonly DiscoveryProblem[]> {
  try {
    await loadPlugin(plugin)
    return []
  } catch (error) {
    const { package: name, version, entry: path, declaredBy } = plugin
    const facts = isImIadError(error) ? error.facts : null
    const problem = `${plugin.kind} "${plugin.id}": ${facts?.problem ?? String(error)}`
    const code = facts?.code ?? 'IM_IAD_E_PLUGIN'
    return [{ severity: 'error', code, package: name, version, path, declaredBy, problem, fix: facts?.fix ?? `npm i ${name}@latest` }]
  }
}
