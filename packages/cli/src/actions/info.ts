import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ambiguousId, unknownId } from '../errors.ts'
import {
  describeParameters,
  loadPlugin,
  nearest,
  PLUGIN_KINDS,
  RECORD_SCHEMA,
  resolveParameters,
  type DiscoveredPlugin,
  type ParameterDescription,
  type Plugin,
  type Registry,
} from '@im-iad/core'
import type { PluginFlags } from '../commands/plugin-flags.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'
import { lineWidth } from '../labelled.ts'

/** `im-iad info`: of a plugin, or of a fitted model's folder. */
export async function infoAction(this: ImIadContext, flags: PluginFlags, id: string): Promise<void> {
  const registry = findPlugins(this, flags.plugin ?? [])
  if (allWithId(registry, id).length === 0 && (await isModel(resolve(this.workingDirectory, id)))) return showModel(id, flags, this)
  const found = findById(registry, id)
  const plugin = await loadPlugin(found)
  const parameters = 'parameters' in plugin ? describeParameters(plugin.parameters) : []
  const facts = factsOf(plugin)
  if (flags.json) {
    const { directory: path, ...location } = found
    return this.print(
      JSON.stringify({ schema: RECORD_SCHEMA, ...location, path, revision: plugin.revision, title: plugin.title, ...facts, parameters }),
    )
  }
  this.print(`${plugin.kind} ${plugin.id}: ${plugin.title}`)
  for (const [name, value] of Object.entries(facts))
    this.print(`  ${name.padEnd(12)}${typeof value === 'string' ? value : JSON.stringify(value)}`)
  this.print(`  ${'package'.padEnd(12)}${found.package}@${found.version} in ${found.directory}`)
  if (parameters.length > 0) this.print(`\nparameters (--set ${plugin.id}.NAME=VALUE)\n${parameterLines(parameters)}`)
}

async function isModel(folder: string): Promise<boolean> {
  return stat(join(folder, 'model.json')).then(
    (found) => found.isFile(),
    () => false,
  )
}

async function showModel(name: string, flags: PluginFlags, { print, process: own, workingDirectory }: ImIadContext): Promise<void> {
  const { readDescription } = await import('@im-iad/predict')
  const folder = resolve(workingDirectory, name)
  const description = await readDescription(folder)
  if (flags.json) return print(JSON.stringify(description))
  const { modelText } = await import('../info/model-text.ts')
  print(modelText(folder, description, lineWidth(own.stdout)))
}

function allWithId(registry: Registry, id: string): readonly DiscoveredPlugin[] {
  return PLUGIN_KINDS.flatMap((kind) => registry.list(kind)).filter((plugin) => plugin.id === id || `${plugin.package}/${plugin.id}` === id)
}

function findById(registry: Registry, id: string): DiscoveredPlugin {
  const matches = allWithId(registry, id)
  const [match] = matches
  if (match === undefined) throw unknownId(id, nearest(id, new Set(registry.discovery.plugins.map((plugin) => plugin.id))))
  if (matches.length > 1) throw ambiguousId(id, matches)
  return match
}

/** What the contract of the kind says about itself, in the order in which people ask. */
function factsOf(plugin: Plugin): Readonly<Record<string, unknown>> {
  switch (plugin.kind) {
    case 'dataset': {
      const { source, citation, license, obtain, expected } = plugin
      return { source, citation, license, obtain, expected }
    }
    case 'algorithm': {
      const { family, outputs, supervision, citation, needs, budgets } = plugin
      const { resize, resample, crop } = plugin.input(resolveParameters(plugin))
      return { family, outputs, supervision, citation, needs, input: { resize, resample, crop }, budgets }
    }
    case 'paradigm': {
      const { scope, citation } = plugin
      return { scope, citation }
    }
    case 'metric': {
      const { level, direction, citation } = plugin
      return { level, direction, citation }
    }
    case 'backbone': {
      const { citation, license, weights, normalization, levels } = plugin
      return { citation, license, weights, normalization, levels }
    }
    case 'executor':
      return {}
    case 'exporter':
      return { format: plugin.format }
  }
}

function parameterLines(parameters: readonly ParameterDescription[]): string {
  const width = Math.max(...parameters.map((parameter) => parameter.name.length))
  return parameters
    .map(
      ({ name, type, default: value, description }) =>
        `  ${name.padEnd(width)}  ${type}, default ${JSON.stringify(value)}${description === '' ? '' : `\n  ${' '.repeat(width)}  ${description}`}`,
    )
    .join('\n')
}
