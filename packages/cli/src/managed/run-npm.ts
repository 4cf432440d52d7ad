import spawn from 'cross-spawn'
import { npmMissing } from './managed-errors.ts'

export type NpmOutcome =
  | { readonly done: true }
  /** `reason` is npm's own, in one line. */
  | { readonly done: false; readonly code: string; readonly reason: string }

export interface NpmCall {
  readonly command: 'install' | 'uninstall'
  readonly packages: readonly string[]
  /** The folder with the package.json to change. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  /** Take what npm's cache holds without asking the registry whether there is something newer. */
  readonly preferCache?: boolean
  /** More of npm's flags. */
  readonly flags?: readonly string[]
}

/**
 * Runs the user's own npm, with its registries, proxies and credentials, in a folder of ours. No package's script is run.
 * @throws ImIadError IM_IAD_E_NPM when there is no npm
 */
export function runNpm({ command, packages, folder, environment, signal, preferCache = false, flags = [] }: NpmCall): Promise<NpmOutcome> {
  const parameters = [command, ...FLAGS, ...flags, '--prefix', folder, ...(preferCache ? ['--prefer-offline'] : []), '--', ...packages]
  return new Promise((resolve, reject) => {
    // cross-spawn: on Windows npm is a .cmd file, which can't be started like a program.
    const child = spawn('npm', parameters, {
      cwd: folder,
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      windowsHide: true,
    })
    const output = { stdout: '', stderr: '' }
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
    child.once('error', (error) =>
      signal.aborted ? resolve({ done: false, code: 'EINTR', reason: 'it was interrupted' }) : reject(npmMissing(error)),
    )
    child.once('close', (code) => resolve(code === 0 ? { done: true } : { done: false, ...npmReason(output) }))
  })
}

/**
 * `npx` and `npm run` hand their own settings down as npm_config_*; those that would make this another kind of install are set here. Peers are
 * wanted: a plugin's is `@im-iad/core`. Waits between npm's tries are shortened, so that being offline is told within seconds.
 */
const FLAGS: readonly string[] = [
  '--ignore-scripts',
  '--json',
  '--no-audit',
  '--no-fund',
  '--no-progress',
  '--save=true',
  '--global=false',
  '--location=project',
  '--dry-run=false',
  '--legacy-peer-deps=false',
  '--fetch-retry-mintimeout=500',
  '--fetch-retry-maxtimeout=3000',
]

const LONGEST_REASON = 400

/** What npm's `--json` says of a failure; its last words where it says nothing in JSON. */
function npmReason({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): {
  readonly code: string
  readonly reason: string
} {
  const error = parseError(stdout)
  if (error === null) {
    const lines = stderr.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
    return {
      code: 'an error',
      reason:
        oneLine(
          lines
            .filter((line) => line !== '')
            .slice(0, 4)
            .join(' '),
        ) || 'nothing',
    }
  }
  return { code: error.code, reason: oneLine(error.code === 'ERESOLVE' ? `${error.summary}: ${conflict(error.detail)}` : error.summary) }
}

interface NpmError {
  readonly code: string
  readonly summary: string
  readonly detail: string
}

function parseError(stdout: string): NpmError | null {
  try {
    const { error }: { readonly error?: Partial<Record<keyof NpmError, unknown>> } = JSON.parse(stdout)
    if (typeof error?.summary !== 'string') return null
    const { code, summary, detail } = error
    return { code: typeof code === 'string' ? code : 'an error', summary, detail: typeof detail === 'string' ? detail : '' }
  } catch {
    return null
  }
}

/** Who wants what, of npm's long account of a conflict. */
function conflict(detail: string): string {
  const [found] = /Found: \S+/.exec(detail) ?? []
  const [, wanted] = /Could not resolve dependency:\s*(?<wanted>[^\n]+)/.exec(detail) ?? []
  return [found, wanted].filter((part) => part !== undefined).join('; ') || detail
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)}…` : line
}
