import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('pillow-child.py', import.meta.url))

/**
 * Starts Pillow in a Python process: `IM_IAD_PYTHON` or python3.
 * @returns {Promise<{version: string, seconds: (paths: readonly string[]) => Promise<number>, stop: () => void} | null>} null where it is missing
 */
export async function startPillow() {
  const child = spawn(process.env.IM_IAD_PYTHON ?? 'python3', [SCRIPT], { stdio: ['pipe', 'pipe', 'ignore'] })
  // A Python without Pillow ends before it says anything; one that is not there is only reported as an event.
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const { value: version } = await answers.next()
  if (version === undefined) return null
  return {
    version,
    async seconds(paths) {
      child.stdin.write(`${JSON.stringify(paths)}\n`)
      const { value } = await answers.next()
      if (value === undefined) throw new Error('Pillow ended early')
      return Number(value)
    },
    stop: () => child.stdin.end(),
  }
}
