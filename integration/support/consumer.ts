import { readFileSync, realpathSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { strangersEnvironment, type Sandbox } from './package-tools.ts'

const LOG_MODULES: URL = new URL('log-modules.mjs', import.meta.url)

/** What a user who wants the third party's algorithm on one dataset installs, and nothing else. */
export const INSTALLED: readonly string[] = [
  '@im-iad/cli',
  '@im-iad/datasets-synthetic',
  '@im-iad/algo-padim',
  '@im-iad/paradigm-unsupervised',
  '@globex/im-iad-colour-distance',
]

/** A short run of the third party's algorithm. */
export const SHORT_RUN: readonly string[] = [
  'run -d synthetic -c weave -a colour-distance,padim -p unsupervised --budget smoke --json',
  '--set synthetic.trainNormal=6 --set synthetic.testNormal=4 --set synthetic.testAnomalous=4',
].flatMap((words) => words.split(' '))

export interface ListDocument {
  readonly plugins: readonly {
    readonly kind: string
    readonly id: string
    readonly package: string
    readonly version: string
    readonly path: string
  }[]
  readonly problems: readonly unknown[]
}

export interface RunDocument {
  readonly experiments: readonly {
    readonly algorithm: string
    readonly status: string
    readonly metrics: Readonly<Record<string, number | null>>
  }[]
}

/** A folder of its own outside the repository, by its real path. */
export async function emptyFolder({ directory }: Sandbox, name: string): Promise<string> {
  await mkdir(join(directory, 'folders'), { recursive: true })
  return realpathSync(await mkdtemp(join(directory, 'folders', `${name}-`)))
}

/** An environment in which every module that a Node process loads is noted, and the look at what was noted. */
export async function watchedEnvironment(sandbox: Sandbox): Promise<{ readonly env: NodeJS.ProcessEnv; loaded(): readonly string[] }> {
  const log = join(await emptyFolder(sandbox, 'modules'), 'urls.txt')
  await writeFile(log, '')
  return {
    env: { ...strangersEnvironment(sandbox), NODE_OPTIONS: `--import=${LOG_MODULES.href}`, IM_IAD_TEST_LOG: log },
    loaded: () =>
      [...new Set(readFileSync(log, 'utf8').split('\n'))]
        .filter((url) => url.startsWith('file:') && url !== LOG_MODULES.href)
        .map((url) => fileURLToPath(url)),
  }
}

/** Those of the paths that do not lie in the folder. */
export function outside(folder: string, paths: readonly string[]): readonly string[] {
  const inside = pathToFileURL(folder).href
  return paths.filter((path) => !pathToFileURL(path).href.startsWith(`${inside}/`))
}
