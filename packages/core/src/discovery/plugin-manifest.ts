import { existsSync, realpathSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { CONTRACT_VERSION, PLUGIN_KINDS, type PluginKind } from '../contracts/plugin.ts'
import type { DiscoveredPlugin, DiscoveryProblem } from './discovered-plugin.ts'
import { isRecord, type PackageManifest } from './package-manifest.ts'

/** A package that announces plugins, as it was found. */
export interface PluginPackage {
  readonly directory: string
  readonly manifest: PackageManifest
  readonly declaredBy: string
}

export interface ReadPlugins {
  readonly plugins: readonly DiscoveredPlugin[]
  readonly problems: readonly DiscoveryProblem[]
}

const ID_PATTERN = /^[a-z0-9][a-z0-9.-]*$/

/**
 * The plugins that a package announces in `imIad` of its package.json:
 * `{ "contract": 1, "provides": [{ "kind": "algorithm", "id": "patchcore", "entry": "./dist/index.js" }] }`.
 */
export function readPluginManifest(found: PluginPackage): ReadPlugins {
  const { manifest } = found
  if (!isRecord(manifest.imIad))
    return { plugins: [], problems: [problem(found, 'IM_IAD_E_MANIFEST', '"imIad" in package.json is not an object', AUTHOR_FIX)] }
  const { contract, provides } = manifest.imIad
  if (contract !== CONTRACT_VERSION) return { plugins: [], problems: [contractProblem(found, contract)] }
  if (!Array.isArray(provides) || provides.length === 0)
    return {
      plugins: [],
      problems: [problem(found, 'IM_IAD_E_MANIFEST', '"imIad.provides" is not a list of {kind, id, entry}', AUTHOR_FIX)],
    }
  const results = provides.map((provided: unknown) => readProvided(found, provided))
  return { plugins: results.flatMap((result) => result.plugins), problems: results.flatMap((result) => result.problems) }
}

const AUTHOR_FIX = 'correct package.json of the plugin; the README of @im-iad/core shows a working one'

function readProvided(found: PluginPackage, provided: unknown): ReadPlugins {
  const fail = (text: string, fix: string = AUTHOR_FIX, code: DiscoveryProblem['code'] = 'IM_IAD_E_MANIFEST'): ReadPlugins => ({
    plugins: [],
    problems: [problem(found, code, text, fix)],
  })
  if (!isRecord(provided)) return fail('an entry of "imIad.provides" is not an object')
  const { kind, id, entry } = provided
  if (!isPluginKind(kind))
    return fail(`"imIad.provides" names the unknown kind ${JSON.stringify(kind)}; known are ${PLUGIN_KINDS.join(', ')}`)
  if (typeof id !== 'string' || !ID_PATTERN.test(id))
    return fail(`the ${kind} id ${JSON.stringify(id)} is not of lower case letters, digits, "-" and "."`)
  if (typeof entry !== 'string') return fail(`${kind} "${id}" has no "entry"`)
  const path = resolve(found.directory, entry)
  if (relative(found.directory, path).split(sep)[0] === '..') return fail(`the entry of ${kind} "${id}" lies outside the package: ${entry}`)
  if (!existsSync(path))
    return fail(
      `the entry of ${kind} "${id}" does not exist: ${path}`,
      'build the package, or install it again if it came from a registry',
      'IM_IAD_E_ENTRY',
    )
  const { name, version } = found.manifest
  return {
    plugins: [{ kind, id, package: name, version, directory: found.directory, entry: realpathSync(path), declaredBy: found.declaredBy }],
    problems: [],
  }
}

function isPluginKind(value: unknown): value is PluginKind {
  return PLUGIN_KINDS.some((kind) => kind === value)
}

function contractProblem(found: PluginPackage, contract: unknown): DiscoveryProblem {
  const { name } = found.manifest
  const fix =
    typeof contract === 'number' && contract > CONTRACT_VERSION
      ? `npm i @im-iad/cli@latest, or install a version of ${name} for contract ${CONTRACT_VERSION}`
      : `install a newer version of ${name}, one for contract ${CONTRACT_VERSION}`
  return problem(
    found,
    'IM_IAD_E_CONTRACT',
    `it speaks contract ${JSON.stringify(contract)}; this im-iad supports ${CONTRACT_VERSION}`,
    fix,
  )
}

function problem(found: PluginPackage, code: DiscoveryProblem['code'], text: string, fix: string): DiscoveryProblem {
  const { name, version } = found.manifest
  return { severity: 'error', code, package: name, version, path: found.directory, declaredBy: found.declaredBy, problem: text, fix }
}
