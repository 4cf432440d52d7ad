import { readFile } from 'node:fs/promises'
import { platform, totalmem } from 'node:os'
import { memoryLimitReached, memoryShareReached } from '../errors/experiment-errors.ts'

/** Keeps experiments from taking more memory than they may, each by itself and those without a limit of their own together. */
export interface MemoryGuard {
  /**
   * @param limitBytes - the process's own limit; `null`: it shares the guard's
   * @param onExceeded - called once, with the error to record
   * @returns ends the watch
   */
  watch(pid: number, limitBytes: number | null, onExceeded: (error: Error) => void): () => void
}

interface Watched {
  readonly limitBytes: number | null
  readonly onExceeded: (error: Error) => void
}

/** How often processes are looked at, in milliseconds: memory can be filled at some gigabytes a second. Where a program has to be started for it, rarer. */
const INTERVAL = platform() === 'linux' ? 100 : 1000

/** The share of the machine's memory that experiments without a limit of their own may take together. */
const SHARE = 0.85

/** @param sharedBytes - what processes without a limit of their own may take together */
export function createMemoryGuard(sharedBytes: number = defaultMemoryBytes(totalmem(), process.constrainedMemory())): MemoryGuard {
  const watched = new Map<number, Watched>()
  let isLooking = false
  const exceed = (pid: number, error: Error): void => {
    const found = watched.get(pid)
    watched.delete(pid)
    found?.onExceeded(error)
  }
  const look = async (): Promise<void> => {
    const sizes = await Promise.all([...watched].map(async ([pid, { limitBytes }]) => ({ pid, limitBytes, bytes: await memoryOf(pid) })))
    for (const { pid, limitBytes, bytes } of sizes)
      if (limitBytes !== null && bytes > limitBytes) exceed(pid, memoryLimitReached(limitBytes))
    const sharing = sizes.filter(({ limitBytes }) => limitBytes === null)
    const largest = sharing.toSorted((a, b) => b.bytes - a.bytes)[0]
    const together = sharing.reduce((sum, { bytes }) => sum + bytes, 0)
    if (largest !== undefined && together > sharedBytes) exceed(largest.pid, memoryShareReached(sharedBytes, largest.bytes))
  }
  const lookAgain = async (): Promise<void> => {
    isLooking = true
    while (watched.size > 0) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, INTERVAL).unref())
    }
    isLooking = false
  }
  return {
    watch(pid, limitBytes, onExceeded) {
      watched.set(pid, { limitBytes, onExceeded })
      if (!isLooking) void lookAgain()
      return () => void watched.delete(pid)
    },
  }
}

/**
 * 85 % of the memory there is.
 * @param totalBytes - the machine's
 * @param constrainedBytes - what the process's control group may take; 0 or more than the machine has where there is no such limit
 */
export function defaultMemoryBytes(totalBytes: number, constrainedBytes: number): number {
  return SHARE * (constrainedBytes > 0 ? Math.min(totalBytes, constrainedBytes) : totalBytes)
}

/** Bytes in memory and swapped out; 0 when the process is gone. */
async function memoryOf(pid: number): Promise<number> {
  if (platform() !== 'linux') {
    const { default: pidusage } = await import('pidusage')
    return pidusage(pid).then(
      ({ memory }) => memory,
      () => 0,
    )
  }
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kibibytes = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0)
  return 1024 * (kibibytes('VmRSS') + kibibytes('VmSwap'))
}
