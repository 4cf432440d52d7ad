import { visibleText } from '@im-iad/core'
import cliProgress from 'cli-progress'
import type { ImIadContext } from '../context.ts'
import { megabytes } from './errors.ts'

/** Shows on standard error how far a download is: a live bar on a terminal, a line at every quarter otherwise. */
export interface DownloadProgress {
  readonly onProgress: (bytes: number, total: number | null) => void
  readonly onNote: (line: string) => void
  readonly close: () => void
}

export function openDownloadProgress(title: string, context: ImIadContext): DownloadProgress {
  return context.process.stderr.isTTY ? liveProgress(title, context) : plainProgress(title, context)
}

function liveProgress(title: string, context: ImIadContext): DownloadProgress {
  const bars = new cliProgress.MultiBar(
    {
      format: '{bar} {percentage}% {title} · {done} of {all} · {speed}/s · {eta_formatted} left',
      stream: context.process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 20,
      forceRedraw: true,
      etaBuffer: 100,
    },
    cliProgress.Presets.shades_grey,
  )
  let bar: cliProgress.SingleBar | null = null
  const started = Date.now()
  let first = 0
  return {
    onProgress(bytes, total) {
      if (bar === null) first = bytes
      bar ??= bars.create(total ?? bytes, bytes, { title, done: '', all: '', speed: '' })
      bar.setTotal(total ?? bytes)
      const speed = megabytes((bytes - first) / Math.max(0.001, (Date.now() - started) / 1000))
      bar.update(bytes, { done: megabytes(bytes), all: total === null ? '?' : megabytes(total), speed })
    },
    onNote: (line) => void bars.log(`${visibleText(`${title}: ${line}`)}\n`),
    close: () => bars.stop(),
  }
}

function plainProgress(title: string, { say }: ImIadContext): DownloadProgress {
  let quarter = -1
  return {
    onProgress(bytes, total) {
      const now = total === null || total === 0 ? 0 : Math.floor((bytes / total) * 4)
      if (now <= quarter) return
      quarter = now
      const share = total === null ? 'started  ' : `${String(now * 25).padStart(3)} %    `
      say(`${share} ${title} · ${megabytes(bytes)}${total === null ? '' : ` of ${megabytes(total)}`}`)
    },
    onNote: (line) => say(`note      ${title}: ${line}`),
    close: () => undefined,
  }
}
