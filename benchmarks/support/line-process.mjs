import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * A process that answers every line with a line of JSON; its first answer comes unasked, when it is ready.
 * @returns {Promise<{ready: object, ask: (request: object) => Promise<object>, stop: () => void}>}
 */
export async function startLineProcess(command, parameters, environment = {}) {
  const child = spawn(command, parameters, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
  let errors = ''
  child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-4000)))
  // A command that is not there is only reported as an event; that it gave no answer is said below.
  child.on('error', (error) => (errors += error.message))
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async () => {
    const { value } = await lines.next()
    if (value === undefined) throw new Error(`${command} ${parameters.join(' ')} ended early: ${errors.trim()}`)
    return JSON.parse(value)
  }
  return {
    ready: await answer(),
    ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      return answer()
    },
    stop: () => child.stdin.end(),
  }
}

/** Seconds of processor time, of all threads, that this process has used: what a busy machine disturbs least. */
export function processorSeconds() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** The other side: says `ready`, then answers requests until its input ends. */
export async function answerLines(ready, answer) {
  console.log(JSON.stringify(ready))
  for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await answer(JSON.parse(line))))
}
