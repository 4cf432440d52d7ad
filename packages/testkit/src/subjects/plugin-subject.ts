import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DiscoveredPlugin, Plugin } from '@im-iad/core'
import type { ConformanceOptions } from '../options.ts'
import { runProcess, type ProcessReport } from '../process/run-process.ts'
import type { AlgorithmJob } from '../process/process-job.ts'

/** A plugin under test, with what every kind of check needs. */
export interface PluginSubject<Checked extends Plugin = Plugin> {
  readonly plugin: Checked
  readonly location: DiscoveredPlugin
  readonly options: ConformanceOptions
  /** What a fresh process saw of the plugin; asked once. */
  readonly processReport: () => Promise<ProcessReport>
  /** A new, empty folder that is removed in the end. */
  readonly scratch: () => Promise<string>
  /** Called after each check: frees what that check made. */
  readonly release: () => Promise<void>
  readonly dispose: () => Promise<void>
}

/** @param algorithmJob - what an algorithm is to do in the fresh process; by default only importing is looked at */
export function openPluginSubject<Checked extends Plugin>(
  plugin: Checked,
  location: DiscoveredPlugin,
  options: ConformanceOptions,
  algorithmJob: (scratch: string) => Promise<AlgorithmJob | null> = () => Promise.resolve(null),
): PluginSubject<Checked> {
  const folders: string[] = []
  const scratch = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'im-iad-conformance-'))
    folders.push(folder)
    return folder
  }
  let report: Promise<ProcessReport> | null = null
  const runOnce = async (): Promise<ProcessReport> => runProcess({ location, algorithm: await algorithmJob(await scratch()) })
  return {
    plugin,
    location,
    options,
    processReport: () => (report ??= runOnce()),
    scratch,
    release: () => Promise.resolve(),
    dispose: async () => void (await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))),
  }
}
