import { resolveParameters, type DiscoveredPlugin, type ParadigmPlugin } from '@im-iad/core'
import type { ConformanceOptions } from '../options.ts'
import { openPluginSubject, type PluginSubject } from './plugin-subject.ts'

/** A paradigm under test. */
export interface ParadigmSubject extends PluginSubject<ParadigmPlugin> {
  /** Defaults, the author's over them, `change` over those. @throws ImIadError when the schema refuses them */
  readonly parameters: (change?: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
}

export function openParadigmSubject(plugin: ParadigmPlugin, location: DiscoveredPlugin, options: ConformanceOptions): ParadigmSubject {
  return {
    ...openPluginSubject(plugin, location, options),
    parameters: (change = {}) => resolveParameters(plugin, options.parameters ?? {}, change),
  }
}
