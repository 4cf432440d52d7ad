import { spawn } from 'node:child_process'

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Exit codes that are no failure. */
  readonly allowed?: readonly number[]
}

/**
 * Runs a program to its end and gives what it printed.
 * @throws Error with the command and all of its output when the exit code is not allowed
 */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  { cwd, env, allowed = [0] }: ProgramOptions,
): Promise<Outcome> {
  const outcome = await new Promise<Outcome>((resolve, reject) => {
    const child = spawn(program, parameters, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const parts = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (parts.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (parts.stderr += text))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...parts }))
  })
  if (outcome.code !== null && allowed.includes(outcome.code)) return outcome
  throw new Error(
    `${[program, ...parameters].join(' ')}\nin ${cwd} ended with ${outcome.code}\n--- stdout\n${outcome.stdout}\n--- stderr\n${outcome.stderr}`,
  )
}

/** The document that a `--json` call printed. */
export function parseJson<Document>({ stdout }: Outcome): Document {
  return JSON.parse(stdout)
}
