import { buildPlan, homeDirectory, RECORD_SCHEMA, type PlannedExperiment } from '@im-iad/core'
import { renderRows } from '@im-iad/report'
import type { SelectionFlags } from '../commands/run.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'
import { selectRun } from '../run-selection.ts'
import { duration, estimateSeconds, sayWarnings } from '../say-plan.ts'

/** `im-iad plan`. */
export async function planAction(this: ImIadContext, flags: SelectionFlags, file?: string): Promise<void> {
  const selection = await selectRun(flags, file, this)
  const plan = await buildPlan(selection.configuration, {
    registry: findPlugins(this, selection.plugins),
    homeDirectory: homeDirectory(this.environment),
  })
  const seconds = estimateSeconds(plan)
  if (flags.json) {
    const experiments = plan.experiments.map(({ job, pictures, estimatedSeconds }) => ({
      hash: job.hash,
      inputs: job.inputs,
      pictures,
      estimatedSeconds,
    }))
    return this.print(JSON.stringify({ schema: RECORD_SCHEMA, experiments, warnings: plan.warnings, estimatedSeconds: seconds }))
  }
  sayWarnings(plan, this)
  this.print(
    renderRows(
      ['dataset', 'category', 'algorithm', 'paradigm', 'seed', 'normal', 'anomalous', 'estimate', 'hash'],
      plan.experiments.map(row),
    ),
  )
  const cost = seconds === null ? 'not every algorithm gives an estimate' : `about ${duration(seconds)} on two CPU cores`
  this.print(`${plan.experiments.length} experiments, budget ${selection.configuration.budget}: ${cost}`)
}

function row({ job, pictures, estimatedSeconds }: PlannedExperiment): readonly string[] {
  const { dataset, category, algorithm, paradigm, seed } = job.inputs
  const estimate = estimatedSeconds === null ? '-' : duration(estimatedSeconds)
  return [
    dataset.id,
    category ?? 'all',
    algorithm.id,
    paradigm.id,
    String(seed),
    String(pictures.normal),
    String(pictures.anomalous),
    estimate,
    job.hash.slice(0, 12),
  ]
}
