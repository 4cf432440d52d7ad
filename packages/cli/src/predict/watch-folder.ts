import { watch } from 'chokidar'
import { isPictureName } from './list-pictures.ts'

/** A file has to keep its size for so long before it counts as complete, in milliseconds. */
const STABLE = 500
const POLL = 100

/**
 * The pictures in a folder and those that are put there, each once it is complete: its size has not changed for half a second. A file that is written again is passed on again.
 * Ends when the signal is aborted.
 */
export async function* watchFolder(folder: string, workingDirectory: string, signal: AbortSignal): AsyncGenerator<string> {
  const arrived: string[] = []
  let wake: (() => void) | null = null
  let failure: unknown = null
  const ring = (): void => {
    wake?.()
    wake = null
  }
  const watcher = watch(folder, {
    cwd: workingDirectory,
    awaitWriteFinish: { stabilityThreshold: STABLE, pollInterval: POLL },
    ignored: (path, found) => found?.isFile() === true && !isPictureName(path),
  })
  const onPicture = (path: string): void => {
    arrived.push(path)
    ring()
  }
  watcher.on('add', onPicture)
  watcher.on('change', onPicture)
  watcher.on('error', (error) => {
    failure = error
    ring()
  })
  signal.addEventListener('abort', ring, { once: true })
  try {
    while (!signal.aborted) {
      if (failure !== null) throw failure
      const next = arrived.shift()
      if (next !== undefined) yield next
      else
        await new Promise<void>((done) => {
          wake = done
          if (signal.aborted) done()
        })
    }
  } finally {
    signal.removeEventListener('abort', ring)
    await watcher.close()
  }
}
