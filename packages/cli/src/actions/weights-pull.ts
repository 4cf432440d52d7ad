import { isImIadError, RECORD_SCHEMA } from '@im-iad/core'
import type { Dispatcher } from 'undici'
import type { WeightsPullFlags } from '../commands/weights.ts'
import type { ImIadContext } from '../context.ts'
import { describeError } from '../describe-error.ts'
import { findPlugins } from '../find-plugins.ts'
import { parseSeconds } from '../quantities.ts'
import { openDownloadProgress } from '../weights/download-progress.ts'
import { downloadUrl } from '../weights/download-url.ts'
import { manyFilesFromOneUrl, megabytes } from '../weights/errors.ts'
import { findPublishedWeights, type PublishedWeights } from '../weights/published-weights.ts'
import { proxyAgent } from '../weights/proxy-agent.ts'
import { pullFile, type PulledFile } from '../weights/pull-file.ts'
import { weightsFolder } from '../weights/weights-folder.ts'

interface Task {
  readonly published: PublishedWeights
  readonly url: URL
}

/** What became of one backbone's weights, as `--json` prints it. */
interface Outcome {
  readonly backbone: string
  readonly status: PulledFile['status'] | 'failed'
  readonly path: string | null
  readonly size: number | null
  readonly sha256: string
  readonly license: string
  readonly error: { readonly code: string; readonly message: string } | null
}

/** `im-iad weights pull`. Exits 1 when a download fails; the others are made. */
export async function weightsPullAction(this: ImIadContext, flags: WeightsPullFlags, ...ids: readonly string[]): Promise<void> {
  if (flags.from !== undefined && ids.length > 1 && !flags.from.endsWith('/')) throw manyFilesFromOneUrl(flags.from)
  const registry = findPlugins(this, flags.plugin ?? [])
  const tasks: Task[] = []
  for (const id of new Set(ids)) {
    const published = await findPublishedWeights(registry, id)
    const mirror = this.environment['IM_IAD_WEIGHTS_MIRROR']
    tasks.push({ published, url: downloadUrl(published.source, { from: flags.from, mirror }) })
  }
  const dispatcher = await proxyAgent(this.environment)
  const stallMilliseconds = parseSeconds(flags.stallTimeout) * 1000
  const outcomes: Outcome[] = []
  try {
    for (const task of tasks) outcomes.push(await pull(task, dispatcher, stallMilliseconds, this))
  } catch (error) {
    if (!this.signal.aborted) throw error
    this.say('interrupted; the same command goes on where it stopped')
    return this.exitWith(130)
  } finally {
    await dispatcher.destroy()
  }
  if (outcomes.some(({ status }) => status === 'failed')) this.exitWith(1)
  if (flags.json)
    return this.print(JSON.stringify({ schema: RECORD_SCHEMA, directory: weightsFolder(this.environment), weights: outcomes }))
  for (const outcome of outcomes) if (outcome.status !== 'failed') this.print(outcomeText(outcome))
}

async function pull({ published, url }: Task, dispatcher: Dispatcher, stallMilliseconds: number, context: ImIadContext): Promise<Outcome> {
  const { backbone, source } = published
  const { file, sha256, size = null, license } = source
  const progress = openDownloadProgress(file, context)
  const { onProgress, onNote } = progress
  const { signal } = context
  try {
    const folder = weightsFolder(context.environment)
    const pulled = await pullFile({ folder, file, sha256, size, url, dispatcher, signal, stallMilliseconds, onProgress, onNote })
    return { backbone, ...pulled, sha256, license, error: null }
  } catch (error) {
    progress.close()
    if (signal.aborted || !isImIadError(error)) throw error
    context.say(describeError(error))
    const { code, message } = error
    return { backbone, status: 'failed', path: null, size: null, sha256, license, error: { code, message } }
  } finally {
    progress.close()
  }
}

function outcomeText({ backbone, status, path, size, license }: Outcome): string {
  const done = status === 'present' ? 'there already' : 'pulled'
  return `${backbone}  ${done}, ${megabytes(size ?? 0)}, SHA-256 as published\n  file     ${path}\n  licence  ${license}`
}
