import type { ImIadContext } from '../context.ts'

/** Does the work; when Ctrl-C stopped it, that is said in one line instead of an error. */
export async function unlessInterrupted({ signal, say, exitWith }: ImIadContext, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!signal.aborted) throw error
    say('im-iad: interrupted; nothing was written')
    exitWith(130)
  }
}
