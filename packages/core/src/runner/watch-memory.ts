/** How often a process's memory is looked at, in milliseconds. */
const INTERVAL = 200

/** Calls `onExceeded` once when the process's resident memory passes the limit. */
export function watchMemory(pid: number, limitBytes: number, onExceeded: () => void): { readonly stop: () => void } {
  const timer = setInterval(() => void look(), INTERVAL)
  const stop = (): void => clearInterval(timer)
  const look = async (): Promise<void> => {
    const { default: pidusage } = await import('pidusage')
    const { memory } = await pidusage(pid).catch(() => ({ memory: 0 }))
    if (memory <= limitBytes) return
    stop()
    onExceeded()
  }
  return { stop }
}
