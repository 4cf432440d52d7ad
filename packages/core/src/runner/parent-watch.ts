import { Worker } from 'node:worker_threads'
import { killGroup } from '../store/process-identity.ts'

/**
 * Ends this process when the process that started it is gone, however busy this one is: the event loop, which would see the closed channel, stands
 * still while a native library or a long loop works. A thread of its own looks instead. Two runs thus never work on one experiment.
 */
export function watchParent(parent: number): void {
  const watch = new Worker(new URL('./parent-watch-thread.js', import.meta.url), {
    workerData: { parent },
    // Its own, not those of a debugger or of a preload.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  })
  watch.unref()
  // Without a thread there is still the channel.
  watch.on('error', () => undefined)
}

/** Ends this process and those it started, at once: no handler of a plugin is asked. */
export function endProcessGroup(): void {
  killGroup(process.pid)
  // It may not lead a group.
  process.kill(process.pid, 'SIGKILL')
}
