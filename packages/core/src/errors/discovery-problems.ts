import { dirname } from 'node:path'
import { CONTRACT_VERSION } from '../contracts/plugin.ts'
import type { DiscoveredPlugin, DiscoveryProblem, PlaceRole } from '../discovery/discovered-plugin.ts'

/** A package that was pointed to, and by whom. */
export interface PointedPackage {
  readonly package: string
  readonly version: string
  readonly path: string
  readonly declaredBy: string
}

type Template = (at: PointedPackage, ...facts: readonly string[]) => DiscoveryProblem

function problem(at: PointedPackage, code: DiscoveryProblem['code'], text: string, fix: string): DiscoveryProblem {
  const { package: name, version, path, declaredBy } = at
  return { severity: 'error', code, package: name, version, path, declaredBy, problem: text, fix }
}

const AUTHOR_FIX = 'correct package.json of the plugin; the README of @im-iad/core shows a working one'

/** "imIad" of a package.json is not what it has to be. */
export const faultyManifest: Template = (at, text = '') => problem(at, 'IM_IAD_E_MANIFEST', text, AUTHOR_FIX)

export const brokenManifest: Template = (at, text = '') =>
  problem(at, 'IM_IAD_E_MANIFEST', text, `correct ${at.path}/package.json, or install the package again: npm i ${at.package}`)

export const noPlugins: Template = (at) =>
  problem(
    at,
    'IM_IAD_E_NO_PLUGINS',
    'its package.json has no "imIad": it announces no plugins',
    'name a package that provides plugins of im-iad',
  )

export const missingEntry: Template = (at, text = '') =>
  problem(at, 'IM_IAD_E_ENTRY', text, 'build the package, or install it again if it came from a registry')

export const missingPackage: Template = (at) =>
  problem(at, 'IM_IAD_E_NOT_INSTALLED', 'no such package or folder with a package.json', `npm i ${at.package}, or correct the path`)

export const danglingLink: Template = (at) =>
  problem(
    at,
    'IM_IAD_E_DANGLING_LINK',
    'it is a symbolic link to a folder that is not there',
    `npm i ${at.package}, or link it again from its new folder: npm link`,
  )

export function foreignContract(at: PointedPackage, contract: unknown): DiscoveryProblem {
  return problem(
    at,
    'IM_IAD_E_CONTRACT',
    `it speaks contract ${JSON.stringify(contract)}; this im-iad supports ${CONTRACT_VERSION}`,
    contractFix(at.package, contract),
  )
}

/** What to upgrade so that both speak one contract. */
export function contractFix(name: string, contract: unknown): string {
  return typeof contract === 'number' && contract > CONTRACT_VERSION
    ? `npm i @im-iad/cli@latest, or install a version of ${name} for contract ${CONTRACT_VERSION}`
    : `install a newer version of ${name}, one for contract ${CONTRACT_VERSION}`
}

/** The same package in two places: no fault, but people may look at the wrong one. */
export function shadowedCopy(at: PointedPackage, nearer: string): DiscoveryProblem {
  return {
    ...problem(
      at,
      'IM_IAD_E_SHADOWED',
      `a second copy of ${at.package}; the nearer one is used: ${nearer}`,
      'nothing, if that is the copy you mean; else remove the other',
    ),
    severity: 'note',
  }
}

/** Two packages that provide one id: no fault by itself, but unqualified use is refused. */
export function sharedId(plugin: DiscoveredPlugin, other: DiscoveredPlugin): DiscoveryProblem {
  return {
    ...problem(
      { ...plugin, path: plugin.directory },
      'IM_IAD_E_AMBIGUOUS_PLUGIN',
      `${plugin.kind} "${plugin.id}" is also provided by ${other.package}@${other.version} in ${other.directory}`,
      `say ${plugin.package}/${plugin.id} or ${other.package}/${other.id}, or remove one of the packages`,
    ),
    severity: 'note',
  }
}

/** Who is to be told to install a package, and where. */
interface Installed {
  readonly directory: string
  readonly declaredBy: string
  readonly foundIn: PlaceRole
}

/** The command that installs `wanted` where a plugin would find it. */
export function installBeside(wanted: string, { directory, declaredBy, foundIn }: Installed): string {
  const isLinked = !/[\\/]node_modules[\\/]/.test(directory)
  if (isLinked) return `npm i ${wanted} --prefix "${directory}"`
  return foundIn === 'managed' ? `npm i ${wanted} --prefix "${dirname(declaredBy)}"` : `npm i ${wanted}`
}

/** The command that brings a plugin's package up to date. */
export function upgradePackage(name: string, { foundIn }: Pick<Installed, 'foundIn'>): string {
  return foundIn === 'managed' ? `im-iad plugins add ${name}@latest` : `npm i ${name}@latest`
}
