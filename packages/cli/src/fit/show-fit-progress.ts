import cliProgress from 'cli-progress'
import type { ImIadContext } from '../context.ts'

/** How far it is, on standard error: a bar on a terminal, a line per tenth otherwise. */
export interface FitProgressBar {
  /** A line for people between two looks at the bar. */
  readonly say: (line: string) => void
  readonly update: (fraction: number, stage: string) => void
  readonly close: () => void
}

export function showFitProgress(context: ImIadContext): FitProgressBar {
  return context.process.stderr.isTTY ? liveBar(context) : plainLines(context)
}

function liveBar({ process: own, say }: ImIadContext): FitProgressBar {
  const bar = new cliProgress.SingleBar(
    { format: '{bar} {percentage}% {stage}', stream: own.stderr, hideCursor: true, clearOnComplete: true, barsize: 20 },
    cliProgress.Presets.shades_grey,
  )
  const start = (fraction: number, stage: string): void => bar.start(1, fraction, { stage })
  let now: readonly [fraction: number, stage: string] = [0, 'starting']
  start(...now)
  return {
    say(line) {
      bar.stop()
      say(line)
      start(...now)
    },
    update(fraction, stage) {
      now = [fraction, stage]
      bar.update(fraction, { stage })
    },
    close: () => bar.stop(),
  }
}

function plainLines({ say }: ImIadContext): FitProgressBar {
  let told = 0
  return {
    say,
    update(fraction, stage) {
      const tenth = Math.floor(fraction * 10)
      if (tenth <= told || tenth >= 10) return
      told = tenth
      say(`${String(tenth * 10).padStart(3)} %  ${stage}`)
    },
    close: () => undefined,
  }
}
