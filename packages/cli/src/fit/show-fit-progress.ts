import cliProgress from 'cli-progress'
import type { ImIadContext } from '../context.ts'

/** How far it is, on standard error: a bar on a terminal, a line per tenth otherwise. */
export interface FitProgressBar {
  readonly update: (fraction: number, stage: string) => void
  readonly close: () => void
}

export function showFitProgress(context: ImIadContext): FitProgressBar {
  return context.process.stderr.isTTY ? liveBar(context) : plainLines(context)
}

function liveBar({ process: own }: ImIadContext): FitProgressBar {
  const bar = new cliProgress.SingleBar(
    { format: '{bar} {percentage}% {stage}', stream: own.stderr, hideCursor: true, clearOnComplete: true, barsize: 20 },
    cliProgress.Presets.shades_grey,
  )
  bar.start(1, 0, { stage: 'starting' })
  return { update: (fraction, stage) => bar.update(fraction, { stage }), close: () => bar.stop() }
}

function plainLines({ say }: ImIadContext): FitProgressBar {
  let told = 0
  return {
    update(fraction, stage) {
      const tenth = Math.floor(fraction * 10)
      if (tenth <= told || tenth >= 10) return
      told = tenth
      say(`${String(tenth * 10).padStart(3)} %  ${stage}`)
    },
    close: () => undefined,
  }
}
