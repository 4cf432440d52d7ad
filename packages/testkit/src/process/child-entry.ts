import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { MARK, type ImportReport, type ProcessJob, type ProcessMessage } from './process-job.ts'

// Only Node's own modules and plain data are imported above: what importing the plugin loads must be told apart.
process.once('message', (job: ProcessJob) => {
  carryOut(job)
    .catch((error: unknown) => tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }))
    .finally(() => process.disconnect())
})

/** How long a plugin may go on after the channel is closed, because the job is done or the parent is gone; in milliseconds. */
const ENDING = 1000

process.once('disconnect', () => {
  setTimeout(() => process.exit(), ENDING).unref()
})

async function carryOut(job: ProcessJob): Promise<void> {
  await tell({ kind: 'imported', report: await importEntry(job.location.entry) })
  if (job.algorithm === null) return
  mark()
  const { fitAndPrint, loadAndPredict } = await import('./algorithm-parts.ts')
  const { modelDirectory } = job.algorithm
  if (modelDirectory !== null) await tell({ kind: 'reloaded', reloaded: await loadAndPredict(job.location, job.algorithm, modelDirectory) })
  await fitAndPrint(job.location, job.algorithm)
}

async function importEntry(entry: string): Promise<ImportReport> {
  const { cache } = createRequire(import.meta.url)
  const addons: string[] = []
  const openAddon = process.dlopen
  process.dlopen = (module: object, filename: string, flags?: number): void => {
    addons.push(filename)
    return flags === undefined ? openAddon.call(process, module, filename) : openAddon.call(process, module, filename, flags)
  }
  const before = observe()
  const cached = new Set(Object.keys(cache))
  await import(pathToFileURL(entry).href)
  const after = await settle(before)
  process.dlopen = openAddon
  return {
    loaded: [...addons, ...Object.keys(cache).filter((path) => !cached.has(path))],
    newGlobals: added(before.globals, after.globals),
    newListeners: added(before.listeners, after.listeners),
    openHandles: added(before.handles, after.handles),
    changedEnvironment: added(before.environment, after.environment).concat(added(after.environment, before.environment)),
    workingDirectoryChanged: before.workingDirectory !== after.workingDirectory,
  }
}

/** How long what an import started may take to end, in milliseconds. */
const SETTLING = 300

/** What is left once short-lived work of the import (reading a file, say) is over. */
async function settle(before: Observed): Promise<Observed> {
  const deadline = performance.now() + SETTLING
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    const now = observe()
    if (added(before.handles, now.handles).length === 0 || performance.now() > deadline) return now
  }
}

interface Observed {
  readonly globals: readonly string[]
  readonly listeners: readonly string[]
  readonly handles: readonly string[]
  readonly environment: readonly string[]
  readonly workingDirectory: string
}

function observe(): Observed {
  return {
    globals: Reflect.ownKeys(globalThis).map(String),
    listeners: process.eventNames().flatMap((name) => Array.from({ length: process.listenerCount(name) }, () => String(name))),
    handles: process.getActiveResourcesInfo(),
    environment: Object.entries(process.env).map(([name, value]) => `${name}=${value}`),
    workingDirectory: process.cwd(),
  }
}

/** What the second list has beyond the first, with multiplicity. */
function added(before: readonly string[], after: readonly string[]): readonly string[] {
  const left = [...before]
  return after.filter((item) => {
    const place = left.indexOf(item)
    if (place < 0) return true
    left.splice(place, 1)
    return false
  })
}

/** Pipes are written synchronously, so the mark stands where it belongs. */
function mark(): void {
  process.stdout.write(MARK)
}

function tell(message: ProcessMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, () => resolve())
  })
}
