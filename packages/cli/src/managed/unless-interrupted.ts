import type { ImIadContext } from '../context.ts'

/** What npm's work comes to, or `null` after Ctrl-C, which has then been said. */
export async function unlessInterrupted<Value>({ signal, say, exitWith }: ImIadContext, work: Promise<Value>): Promise<Value | null> {
  try {
    return await work
  } catch (error) {
    if (!signal.aborted) throw error
    say('im-iad: interrupted; what is installed is as it was. The same command starts again.')
    exitWith(130)
    return null
  }
}
