import { ImIadError } from '@im-iad/errors'
import { CONTRACT_VERSION, type PluginKind } from '../contracts/plugin.ts'
import type { DiscoveredPlugin, DiscoveryProblem } from '../discovery/discovered-plugin.ts'
import { missingModule } from '../registry/missing-module.ts'
import { contractFix, upgradePackage } from './discovery-problems.ts'
import { missingModuleFacts } from './missing-module-errors.ts'

export function unknownPlugin(
  kind: PluginKind,
  id: string,
  similar: string | undefined,
  known: readonly string[],
  problems: readonly DiscoveryProblem[],
): ImIadError {
  const broken = problems.filter((problem) => problem.severity === 'error').length
  const left = broken === 0 ? '' : ` (${broken} plugin problem${broken === 1 ? '' : 's'}: im-iad plugins doctor)`
  return new ImIadError({
    code: 'IM_IAD_E_UNKNOWN_PLUGIN',
    what: `there is no ${kind} "${id}"`,
    problem: (known.length === 0 ? `no ${kind} is installed` : `installed are ${known.join(', ')}`) + left,
    fix:
      similar === undefined
        ? `install the package that provides it${ourPackage(kind, id)}, then look at "im-iad list ${kind}s"`
        : `did you mean "${similar}"?`,
  })
}

const OUR_PREFIXES: Partial<Readonly<Record<PluginKind, string>>> = {
  dataset: 'datasets',
  algorithm: 'algo',
  paradigm: 'paradigm',
  backbone: 'backbone',
}

/** How first-party packages are named after their plugins. */
function ourPackage(kind: PluginKind, id: string): string {
  const prefix = OUR_PREFIXES[kind]
  return prefix === undefined || !/^[a-z0-9-]+$/.test(id) ? '' : ` (one of ours would be @im-iad/${prefix}-${id})`
}

export function ambiguousPlugin(kind: PluginKind, id: string, candidates: readonly DiscoveredPlugin[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_AMBIGUOUS_PLUGIN',
    what: `${kind} "${id}" is provided by ${candidates.length} packages`,
    found: candidates
      .map((plugin) => `${plugin.package}@${plugin.version} in ${plugin.directory} (declared by ${plugin.declaredBy})`)
      .join('\n           '),
    fix: `say which: ${candidates.map((plugin) => `${plugin.package}/${plugin.id}`).join(' or ')}`,
  })
}

/** Something is wrong with what a plugin's entry exports. */
export function invalidPlugin(plugin: DiscoveredPlugin, problem: string): ImIadError {
  return unloadable(plugin, { code: 'IM_IAD_E_PLUGIN', problem, fix: otherVersion(plugin) })
}

/** The object that an entry exports states another contract than its package.json, which states ours. */
export function disagreeingContract(plugin: DiscoveredPlugin, contract: unknown): ImIadError {
  const states = contract === undefined ? 'states no contract' : `speaks contract ${JSON.stringify(contract) ?? typeof contract}`
  return unloadable(plugin, {
    code: 'IM_IAD_E_CONTRACT',
    problem: `the object ${states}, its package.json contract ${CONTRACT_VERSION}; this im-iad supports ${CONTRACT_VERSION}`,
    fix: Number.isInteger(contract) ? contractFix(plugin.package, contract) : otherVersion(plugin),
  })
}

/** A plugin's entry can't be imported. */
export function failedImport(plugin: DiscoveredPlugin, error: unknown): ImIadError {
  const missing = missingModule(error)
  if (missing !== null) return unloadable(plugin, { ...missingModuleFacts(missing, plugin), cause: error })
  const message = error instanceof Error ? error.message : String(error)
  const at = placeOf(error)
  if (error instanceof SyntaxError)
    return unloadable(plugin, {
      code: 'IM_IAD_E_ENTRY',
      problem: `it cannot be parsed or linked: ${message}${at === null ? '' : ` (${at})`}`,
      fix: `${otherVersion(plugin)}; its author sees the line with: node "${plugin.entry}"`,
      cause: error,
    })
  return unloadable(plugin, {
    code: 'IM_IAD_E_PLUGIN',
    problem: `its entry throws when it is imported: ${message}${at === null ? '' : ` (${at})`}`,
    fix: otherVersion(plugin),
    cause: error,
  })
}

/** An entry that awaits something at its top level which never comes. */
export function endlessImport(plugin: DiscoveredPlugin, seconds: number): ImIadError {
  return unloadable(plugin, {
    code: 'IM_IAD_E_PLUGIN',
    problem: `its entry has not finished importing after ${seconds} s`,
    fix: `${otherVersion(plugin)}; heavy work belongs into its functions, not into its import`,
  })
}

/** A metric that takes no part in a run because it can't be loaded. */
export function leftOutMetric({ id }: DiscoveredPlugin, error: unknown): string {
  return `the metric "${id}" is left out: ${error instanceof Error ? error.message : String(error)}`
}

/** Metrics of one id: nobody names metrics, so one is taken for them. */
export function sharedMetric(chosen: DiscoveredPlugin, others: readonly DiscoveredPlugin[]): string {
  const left = others.map((other) => `${other.package}@${other.version} (declared by ${other.declaredBy})`).join(' and ')
  return `the metric "${chosen.id}" is provided by ${others.length + 1} packages: that of ${chosen.package}@${chosen.version} is used, and that of ${left} left out; remove a package to be rid of this`
}

interface Unloadable {
  readonly code: `IM_IAD_E_${string}`
  readonly problem: string
  readonly fix: string
  readonly cause?: unknown
}

function unloadable(plugin: DiscoveredPlugin, { code, problem, fix, cause }: Unloadable): ImIadError {
  return new ImIadError({
    code,
    what: `cannot load ${plugin.kind} "${plugin.id}" from ${plugin.package}@${plugin.version}`,
    found: `${plugin.entry} (declared by ${plugin.declaredBy})`,
    problem,
    fix,
    ...(cause !== undefined && { cause }),
  })
}

function otherVersion(plugin: DiscoveredPlugin): string {
  return `${upgradePackage(plugin.package, plugin)}, or tell its author; the other plugins are not affected`
}

/** `file:line` of the first place of ours or theirs in an error's stack; Node's own are left out. */
function placeOf(error: unknown): string | null {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const [, place] =
    /^(?:file:\/\/)(?<place>\/?[^\n]+:\d+)$/m.exec(stack) ??
    /\(?(?:file:\/\/)?(?<place>(?:\/|[A-Z]:)[^()\n]+:\d+):\d+\)?$/m.exec(stack) ??
    []
  return place ?? null
}
