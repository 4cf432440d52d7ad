import { visibleLine, type ExecutorEvent, type Plan } from '@im-iad/core'
import cliProgress from 'cli-progress'
import type { ImIadContext } from './context.ts'
import { duration } from './say-plan.ts'

/** Shows on standard error how far a run is: live bars on a terminal, plain lines otherwise. */
export interface Progress {
  readonly onEvent: (event: ExecutorEvent) => void
  readonly close: () => void
}

export function openProgress(plan: Plan, context: ImIadContext): Progress {
  const titles = new Map(plan.experiments.map(({ job }) => [job.hash, experimentTitle(job.inputs)]))
  const title = (hash: string): string => titles.get(hash) ?? hash.slice(0, 12)
  return context.process.stderr.isTTY ? liveProgress(title, context) : plainProgress(title, context)
}

type Inputs = Plan['experiments'][number]['job']['inputs']

function experimentTitle({ dataset, category, algorithm, paradigm, seed }: Inputs): string {
  return visibleLine(`${dataset.id}${category === null ? '' : `/${category}`} ${algorithm.id} ${paradigm.id} seed ${seed}`)
}

function liveProgress(title: (hash: string) => string, context: ImIadContext): Progress {
  const bars = new cliProgress.MultiBar(
    {
      format: '{bar} {percentage}% {title} · {stage}',
      stream: context.process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 20,
      forceRedraw: true,
    },
    cliProgress.Presets.shades_grey,
  )
  const open = new Map<string, cliProgress.SingleBar>()
  return {
    onEvent(event) {
      const bar = open.get(event.hash)
      if (event.kind === 'started') open.set(event.hash, bars.create(1, 0, { title: title(event.hash), stage: 'starting' }))
      if (event.kind === 'progress') bar?.update(event.fraction, { stage: visibleLine(event.stage) })
      if (event.kind === 'finished' && bar !== undefined) {
        bars.log(`${finishedLine(event, title)}\n`)
        bars.remove(bar)
      }
    },
    close: () => bars.stop(),
  }
}

/** A line when an experiment starts, when it passes a quarter, and when it ends. */
function plainProgress(title: (hash: string) => string, { say }: ImIadContext): Progress {
  const quarters = new Map<string, number>()
  return {
    onEvent(event) {
      if (event.kind === 'started') say(`started   ${title(event.hash)}`)
      if (event.kind === 'finished') say(finishedLine(event, title))
      if (event.kind !== 'progress') return
      const quarter = Math.floor(event.fraction * 4)
      if (quarter <= (quarters.get(event.hash) ?? 0) || quarter === 4) return
      quarters.set(event.hash, quarter)
      say(`${String(quarter * 25).padStart(3)} %     ${title(event.hash)} · ${event.stage}`)
    },
    close: () => undefined,
  }
}

function finishedLine({ hash, record }: Extract<ExecutorEvent, { readonly kind: 'finished' }>, title: (hash: string) => string): string {
  const took = duration(record.measured.seconds.total)
  return record.status === 'done' ? `done      ${title(hash)} in ${took}` : `failed    ${title(hash)} after ${took}`
}
