import { isImIadError, loadPlugin, type DiscoveredPlugin, type Plugin, type PluginKind } from '@im-iad/core'
import { bindChecks, type BoundCheck, type CheckConditions, type CheckGroup } from './check-group.ts'
import { describeThrown, type Check } from './check.ts'
import { algorithmChecks } from './checks/algorithm-checks.ts'
import { backboneChecks } from './checks/backbone-checks.ts'
import { datasetChecks } from './checks/dataset-checks.ts'
import { executorChecks } from './checks/executor-checks.ts'
import { exporterChecks } from './checks/exporter-checks.ts'
import { metricChecks, sequenceMetricChecks } from './checks/metric-checks.ts'
import { paradigmChecks } from './checks/paradigm-checks.ts'
import { nonconforming } from './errors/conformance-errors.ts'
import type { ConformanceOptions } from './options.ts'
import { openAlgorithmSubject } from './subjects/algorithm-subject.ts'
import { openBackboneSubject } from './subjects/backbone-subject.ts'
import { openDatasetSubject } from './subjects/dataset-subject.ts'
import { openParadigmSubject } from './subjects/paradigm-subject.ts'
import { openPluginSubject, type PluginSubject } from './subjects/plugin-subject.ts'

export interface OpenedGroup {
  readonly group: CheckGroup
  readonly dispose: () => Promise<void>
}

/** Loads a plugin and binds the checks of its kind to it. */
export async function openPluginGroup(
  location: DiscoveredPlugin,
  options: ConformanceOptions,
  conditions: CheckConditions,
): Promise<OpenedGroup> {
  const plugin = { kind: location.kind, id: location.id }
  let loaded: Plugin
  try {
    loaded = await loadPlugin(location)
  } catch (error) {
    const checks = [...bindChecks([loads], { error }, conditions), ...CHECKS[location.kind].map(skipped)]
    return { group: { plugin, checks }, dispose: () => Promise.resolve() }
  }
  const own = bindSubject(loaded, location, options, conditions)
  return { group: { plugin, checks: [...bindChecks([loads], { error: null }, conditions), ...own.checks] }, dispose: own.dispose }
}

const LOADS = {
  id: 'loads',
  why: 'A plugin that does not load, or whose object says something else than its manifest, is left out of every command.',
  fix: 'build the package; make its entry export the plugin by default, with the kind, id and contract that package.json announces and every member of its contract',
}

/** The one check of a plugin that there may be no object of. What core says of the fault, and its remedy, is passed on. */
const loads: Check<{ readonly error: unknown }> = {
  ...LOADS,
  requires: [],
  skip: () => null,
  async run({ error }) {
    if (error === null) return
    const { what, problem = what, fix } = isImIadError(error) ? error.facts : { what: describeThrown(error), fix: LOADS.fix }
    throw nonconforming(LOADS.id, problem, fix, error)
  },
}

/** What would have been checked. */
const CHECKS: Readonly<Record<PluginKind, readonly Pick<BoundCheck, 'id' | 'why' | 'fix'>[]>> = {
  algorithm: algorithmChecks,
  dataset: datasetChecks,
  paradigm: paradigmChecks,
  metric: metricChecks,
  backbone: backboneChecks,
  executor: executorChecks,
  exporter: exporterChecks,
}

function skipped({ id, why, fix }: Pick<BoundCheck, 'id' | 'why' | 'fix'>): BoundCheck {
  return { id, why, fix, run: () => Promise.resolve({ status: 'skip', reason: 'it needs "loads", which fails' }) }
}

interface BoundSubject {
  readonly checks: CheckGroup['checks']
  readonly dispose: () => Promise<void>
}

function bindSubject(plugin: Plugin, location: DiscoveredPlugin, options: ConformanceOptions, conditions: CheckConditions): BoundSubject {
  const bind = <Subject extends PluginSubject>(checks: readonly Check<Subject>[], subject: Subject): BoundSubject => ({
    checks: bindChecks(checks, subject, { ...conditions, release: subject.release }),
    dispose: subject.dispose,
  })
  switch (plugin.kind) {
    case 'algorithm':
      return bind(algorithmChecks, openAlgorithmSubject(plugin, location, options))
    case 'dataset':
      return bind(datasetChecks, openDatasetSubject(plugin, location, options))
    case 'paradigm':
      return bind(paradigmChecks, openParadigmSubject(plugin, location, options))
    case 'metric':
      return plugin.level === 'sequence'
        ? bind(sequenceMetricChecks, openPluginSubject(plugin, location, options))
        : bind(metricChecks, openPluginSubject(plugin, location, options))
    case 'backbone':
      return bind(backboneChecks, openBackboneSubject(plugin, location, options))
    case 'executor':
      return bind(executorChecks, openPluginSubject(plugin, location, options))
    case 'exporter':
      return bind(exporterChecks, openPluginSubject(plugin, location, options))
  }
}
