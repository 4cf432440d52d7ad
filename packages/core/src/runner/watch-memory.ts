/** How often a process's memory is looked at, in milliseconds. */
const INTERVAL = 200

/** Calls `onExceeded` once when the process's resident memory passes the limit. */
export function watchMemory(pid: number, limitBytes: number, onExceeded: () => void): { readonly stop: () => void } {
  let stopped = false
  const stop = (): void => {
    stopped = true
  }
  const look = async (): Promise<void> => {
    const { default: pidusage } = await import('pidusage')
    while (!stopped) {
      const { memory } = await pidusage(pid).catch(() => ({ memory: 0 }))
      if (!stopped && memory > limitBytes) {
        stop()
        onExceeded()
      }
      await new Promise((resolve) => setTimeout(resolve, INTERVAL).unref())
    }
  }
  void look()
  return { stop }
}
