import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import spawn from 'cross-spawn'
import { z } from 'zod'
import { packingFailed } from './errors.ts'

export interface WorkspacePacking {
  /** The folder of pnpm-workspace.yaml. */
  readonly root: string
  /** Packages by name; those that they need of the workspace are packed as well. */
  readonly names: readonly string[]
  readonly destination: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/**
 * Packs packages of a pnpm workspace as a release would, with the pnpm that the workspace asks for.
 * @returns the archives' paths
 * @throws ImIadError IM_IAD_E_BUNDLE
 */
export async function packWorkspace({ root, names, destination, environment, signal }: WorkspacePacking): Promise<readonly string[]> {
  const filters = names.flatMap((name) => ['--filter-prod', `${name}...`])
  const pnpm = ['exec', '--yes', `--package=${await packageManager(root)}`, '--', 'pnpm']
  const parameters = [...pnpm, '--recursive', ...filters, 'pack', '--json', '--pack-destination', destination]
  const { code, stdout, stderr } = await runNpmProgram(parameters, root, environment, signal)
  const archives = code === 0 ? readArchives(stdout) : null
  if (archives === null) throw packingFailed(names, root, whyNot(stdout, stderr))
  return archives
}

const MANIFEST = z.looseObject({ packageManager: z.string().regex(/^pnpm@/) })

async function packageManager(root: string): Promise<string> {
  const text = await readFile(join(root, 'package.json'), 'utf8').catch(() => '{}')
  const manifest = MANIFEST.safeParse(JSON.parse(text))
  // `+sha512…` is for corepack.
  return manifest.success ? manifest.data.packageManager.replace(/\+.*$/, '') : 'pnpm'
}

const ARCHIVE = z.looseObject({ filename: z.string() })
const ARCHIVES = z.union([z.array(ARCHIVE), ARCHIVE.transform((archive) => [archive])])

/** pnpm prints one object for one package, and a list for several. */
function readArchives(stdout: string): readonly string[] | null {
  try {
    const archives = ARCHIVES.safeParse(JSON.parse(stdout))
    return archives.success ? archives.data.map(({ filename }) => filename) : null
  } catch {
    return null
  }
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function runNpmProgram(
  parameters: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', parameters, { cwd, env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'], signal, windowsHide: true })
    const parts = { stdout: '', stderr: '' }
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (parts.stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (parts.stderr += text))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...parts }))
  })
}

const FAILURE = z.looseObject({ error: z.looseObject({ message: z.string() }) })

/** pnpm's reason; what npm says first when it can't even get pnpm. */
function whyNot(stdout: string, stderr: string): string {
  const message = pnpmMessage(stdout)
  if (message !== null) return message
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
    .filter((line) => line !== '')
  return lines.slice(0, 4).join(' ').slice(0, 400) || 'pnpm said nothing'
}

function pnpmMessage(stdout: string): string | null {
  try {
    const failure = FAILURE.safeParse(JSON.parse(stdout))
    return failure.success ? failure.data.error.message : null
  } catch {
    return null
  }
}
