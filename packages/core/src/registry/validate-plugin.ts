import type { Plugin, PluginKind } from '../contracts/plugin.ts'
import { isRecord } from '../discovery/package-manifest.ts'
import { parameterFaults } from '../parameters/parameter-faults.ts'

type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string' && value !== ''
const callable: Check = (value) => typeof value === 'function'
const list: Check = (value) => Array.isArray(value)
const object: Check = isRecord
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.some((allowed) => allowed === value)

/** The required members of each contract beyond those that all share. */
const MEMBERS: Readonly<Record<PluginKind, Readonly<Record<string, Check>>>> = {
  dataset: {
    citation: text,
    license: text,
    source: oneOf('files', 'generated'),
    obtain: text,
    expected: list,
    parameters: object,
    recognizes: callable,
    open: callable,
  },
  algorithm: {
    citation: text,
    family: text,
    outputs: oneOf('image', 'image+pixel'),
    supervision: oneOf('none', 'image-labels', 'pixel-labels'),
    needs: object,
    parameters: object,
    budgets: object,
    input: callable,
    create: callable,
  },
  paradigm: { citation: text, scope: oneOf('category', 'dataset'), parameters: object, plan: callable },
  metric: { citation: text, level: oneOf('image', 'pixel', 'region', 'sequence'), direction: oneOf('higher-is-better', 'lower-is-better') },
  backbone: {
    citation: text,
    license: text,
    normalization: (value) => value === null || isRecord(value),
    levels: list,
    weights: object,
    open: callable,
  },
  executor: { parameters: object, create: callable },
  exporter: { format: text, parameters: object, accepts: callable, export: callable },
}

/** What is wrong with an object that should be the plugin `kind` `id`; empty when nothing is. One clause each. */
export function pluginFaults(value: unknown, kind: PluginKind, id: string): readonly string[] {
  if (!isRecord(value)) return [`it is ${value === null ? 'null' : typeof value}, not a plugin object`]
  const faults: string[] = []
  if (value['kind'] !== kind) faults.push(`"kind" is ${JSON.stringify(value['kind'])}; package.json says "${kind}"`)
  if (value['id'] !== id) faults.push(`"id" is ${JSON.stringify(value['id'])}; package.json says "${id}"`)
  if (!text(value['title'])) faults.push('"title" is missing')
  if (!Number.isInteger(value['revision']) || Number(value['revision']) < 1) faults.push('"revision" is not a whole number from 1')
  for (const [member, check] of Object.entries(MEMBERS[kind]))
    if (!check(value[member])) faults.push(`"${member}" is missing or of the wrong type`)
  return faults.length === 0 ? memberFaults(value as unknown as Plugin) : faults
}

/** Faults that only show when a member is used. */
function memberFaults(plugin: Plugin): readonly string[] {
  if (plugin.kind === 'metric') {
    const method = plugin.level === 'sequence' ? plugin.computeSequence : plugin.compute
    return callable(method) ? [] : [`"${plugin.level === 'sequence' ? 'computeSequence' : 'compute'}" is missing or of the wrong type`]
  }
  if (!('parameters' in plugin)) return []
  return parameterFaults(plugin.parameters)
}
