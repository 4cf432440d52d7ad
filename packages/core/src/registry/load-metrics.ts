import type { MetricPlugin } from '../contracts/metric.ts'
import type { DiscoveredPlugin, Discovery } from '../discovery/discovered-plugin.ts'
import { leftOutMetric, sharedMetric } from '../errors/plugin-errors.ts'
import { loadPlugin, type Registry } from './registry.ts'

/** A metric that takes part. */
export interface LoadedMetric {
  readonly found: DiscoveredPlugin
  readonly plugin: MetricPlugin
}

export interface LoadedMetrics {
  /** One per id, sorted by id. */
  readonly metrics: readonly LoadedMetric[]
  /** What was left out and why, ready to be printed. */
  readonly warnings: readonly string[]
}

/**
 * Every installed metric that works. Nobody names metrics, so one that is broken must not stop the rest, and of two with one id the command's own is
 * taken, else the nearest: a well-known name keeps its meaning whatever else is installed.
 */
export async function loadMetrics(registry: Registry): Promise<LoadedMetrics> {
  const found = registry.list('metric')
  const metrics: LoadedMetric[] = []
  const warnings: string[] = []
  for (const id of new Set(found.map((metric) => metric.id))) {
    const [chosen, ...others] = byPreference(
      registry.discovery.plugins.filter((plugin) => plugin.kind === 'metric' && plugin.id === id),
      registry.discovery,
    )
    if (chosen === undefined) continue
    if (others.length > 0) warnings.push(sharedMetric(chosen, others))
    try {
      metrics.push({ found: chosen, plugin: await loadPlugin({ ...chosen, kind: 'metric' }) })
    } catch (error) {
      warnings.push(leftOutMetric(chosen, error))
    }
  }
  return { metrics, warnings }
}

/** @param candidates - nearest first */
function byPreference(candidates: readonly DiscoveredPlugin[], { places }: Discovery): readonly DiscoveredPlugin[] {
  const command = new Set(places.filter((place) => place.role === 'command').flatMap((place) => place.found.map((found) => found.package)))
  return [...candidates.filter((plugin) => command.has(plugin.package)), ...candidates.filter((plugin) => !command.has(plugin.package))]
}
