import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { openRunStore, unknownRun, type ExperimentRecord } from '@im-iad/core'
import { renderTable, writeHtmlReport } from '@im-iad/report'
import type { ReportFlags } from '../commands/report.ts'
import type { ImIadContext } from '../context.ts'

/** `im-iad report`. */
export async function reportAction(this: ImIadContext, flags: ReportFlags, ...runs: readonly string[]): Promise<void> {
  const folder = resolve(this.workingDirectory, flags.runs)
  const opened = await Promise.all(runs.map((run) => openRun(run, folder, this)))
  const records = opened.flatMap((run) => run.records)
  if (flags.html !== undefined) {
    const file = resolve(this.workingDirectory, flags.html)
    await writeHtmlReport({ runs: opened, file })
    return this.say(`page: ${file}`)
  }
  const { stdout } = this.process
  const color = stdout.isTTY && (this.environment['NO_COLOR'] ?? '') === ''
  this.print(renderTable(records, { format: flags.format, color, by: flags.by }))
}

interface OpenedRun {
  readonly run: string
  readonly directory: string
  readonly records: readonly ExperimentRecord[]
}

/** A run by its name in the folder of all runs, or by its own folder. @throws ImIadError IM_IAD_E_RUN, naming the runs there are */
async function openRun(name: string, folder: string, context: ImIadContext): Promise<OpenedRun> {
  for (const directory of [join(folder, name), resolve(context.workingDirectory, name)]) {
    const isRun = await stat(join(directory, 'experiments')).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (isRun) return { run: basename(directory), directory, records: await openRunStore(directory, context.say).readAll() }
  }
  throw unknownRun(name, folder, (await readdir(folder).catch(() => [])).toSorted())
}
