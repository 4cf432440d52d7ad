import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const IM_IAD: string = fileURLToPath(new URL('../../bin/im-iad.js', import.meta.url))

/** The toy plugins of core's tests: plain objects that show every field of the contracts. */
export const TOY_PLUGINS: string = fileURLToPath(new URL('../../../core/test/fixtures/toy-plugins', import.meta.url))

/** An algorithm that does to its process whatever a plugin can do to one. */
export const FAULTY_PLUGINS: string = fileURLToPath(new URL('../../../core/test/fixtures/faulty-plugins', import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CallOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly nodeFlags?: readonly string[]
  /** What a shell does before it becomes the command: `ulimit -n 30`. */
  readonly before?: string
  readonly uid?: number
  /** In a process group of its own. */
  readonly detached?: boolean
  readonly onStart?: (child: ChildProcess) => void
}

let home: Promise<string> | null = null

/** A fresh folder under the system's temporary one. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'im-iad-cli-'))
}

/** Runs the built command as a user would: a process of its own, from another folder, with a home of its own. */
export async function imIad(parameters: readonly string[], options: CallOptions = {}): Promise<Outcome> {
  home ??= temporaryFolder()
  const cwd = options.cwd ?? (await temporaryFolder())
  const env = { ...process.env, IM_IAD_HOME: await home, IM_IAD_DATA: '', NO_COLOR: '1', ...options.env }
  const command = [process.execPath, ...(options.nodeFlags ?? []), IM_IAD, ...parameters]
  const [program = '', ...rest] = options.before === undefined ? command : ['sh', '-c', `${options.before}; exec "$0" "$@"`, ...command]
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: options.detached ?? false,
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    })
    const parts = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (parts.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (parts.stderr += text))
    child.once('close', (code) => resolve({ code, ...parts }))
    options.onStart?.(child)
  })
}

/** The only document that a `--json` call printed. */
export function parseJson<Document>({ stdout }: Outcome): Document {
  return JSON.parse(stdout)
}
