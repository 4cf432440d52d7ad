import { join, resolve } from 'node:path'
import {
  buildPlan,
  createLocalExecutor,
  executePlan,
  homeDirectory,
  openRunStore,
  RECORD_SCHEMA,
  type ExecutedPlan,
  type Plan,
  type Registry,
  type RunStart,
} from '@im-iad/core'
import type { ExecutionFlags } from '../commands/run.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'
import { openProgress } from '../progress.ts'
import { runName } from '../run-name.ts'
import { selectRun, type RunSelection } from '../run-selection.ts'
import { sayLongEstimate, sayWarnings } from '../say-plan.ts'

/** `im-iad run`. */
export async function runAction(this: ImIadContext, flags: ExecutionFlags, file?: string): Promise<void> {
  const selection = await selectRun(flags, file, this)
  const registry = findPlugins(this, selection.plugins)
  const plan = await planUnlessInterrupted(selection, registry, this)
  if (plan === null) return
  sayWarnings(plan, this)
  sayLongEstimate(plan, selection, this)
  const name = selection.run ?? runName(plan)
  const directory = join(resolve(this.workingDirectory, flags.runs), name)
  const executed = await execute(plan, selection, flags, directory, this)
  await showResults(executed, plan, name, directory, flags, this)
}

/** Hashing a large dataset takes its time; what has been hashed is remembered. */
async function planUnlessInterrupted(selection: RunSelection, registry: Registry, context: ImIadContext): Promise<Plan | null> {
  const { signal, environment } = context
  try {
    return await buildPlan(selection.configuration, { registry, homeDirectory: homeDirectory(environment), signal })
  } catch (error) {
    if (!signal.aborted) throw error
    context.say('im-iad: interrupted while planning; nothing was started. The same command begins again.')
    context.exitWith(130)
    return null
  }
}

async function execute(
  plan: Plan,
  selection: RunSelection,
  flags: ExecutionFlags,
  directory: string,
  context: ImIadContext,
): Promise<ExecutedPlan> {
  const progress = openProgress(plan, context)
  const executor = createLocalExecutor({ workers: selection.workers, isolation: flags.inProcess ? 'in-process' : 'child-process' })
  try {
    return await executePlan({
      plan,
      store: openRunStore(directory, context.say),
      executor,
      retryFailed: flags.retryFailed,
      onStart: (start) => sayStart(start, directory, context),
      onEvent: progress.onEvent,
      signal: context.signal,
    })
  } finally {
    progress.close()
    await executor.dispose()
  }
}

function sayStart({ reused, toDo, leftBy }: RunStart, directory: string, { say }: ImIadContext): void {
  if (leftBy !== null) say(`the run was left unfinished by ${leftBy}, which is gone: going on in ${directory}`)
  if (reused > 0) say(`${reused} of ${reused + toDo} experiments had a record already${toDo === 0 ? '' : `, ${toDo} to do`}`)
}

async function showResults(
  executed: ExecutedPlan,
  plan: Plan,
  name: string,
  directory: string,
  flags: ExecutionFlags,
  context: ImIadContext,
): Promise<void> {
  const { records, interrupted } = executed
  const { renderTable, summarize } = await import('@im-iad/report')
  if (flags.json) context.print(JSON.stringify({ schema: RECORD_SCHEMA, run: name, experiments: records, summary: summarize(records) }))
  else if (records.length > 0) context.print(renderTable(records, { format: 'table', color: useColor(context) }))
  const missing = plan.experiments.length - records.length
  if (interrupted) {
    const saved = records.length === 1 ? '1 finished experiment is' : `${records.length} finished experiments are`
    context.say(
      `im-iad: interrupted; ${saved} saved in ${directory}, ${missing} ${missing === 1 ? 'is' : 'are'} not done. The same command goes on from there.`,
    )
    return context.exitWith(130)
  }
  const failed = records.filter((record) => record.status === 'failed')
  for (const record of failed)
    context.say(
      `im-iad: ${record.algorithm} on ${record.dataset}${record.category === null ? '' : `/${record.category}`} (seed ${record.seed}) failed: ${record.error?.message ?? ''}`,
    )
  if (missing > 0) context.say(`im-iad: ${missing} experiments got no record; the same command tries them again`)
  context.say(`records: ${directory}`)
  context.say(`pictures and page: im-iad report ${name} --html ${name}.html`)
  if (failed.length + missing > 0) context.exitWith(1)
}

/** No colour when NO_COLOR is set or the output is not a terminal. */
function useColor({ process, environment }: ImIadContext): boolean {
  return process.stdout.isTTY && (environment['NO_COLOR'] ?? '') === ''
}
