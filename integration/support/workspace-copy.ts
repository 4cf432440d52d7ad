import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { strangersEnvironment, type Sandbox } from './package-tools.ts'
import { runProgram } from './run-program.ts'
import { publicPackages, ROOT } from './workspace.ts'

/** The maintainers' environment: that of this workspace, but what is published goes to our registry. */
export function maintainersEnvironment(sandbox: Sandbox): NodeJS.ProcessEnv {
  const { npm_config_registry, npm_config_userconfig, PATH } = strangersEnvironment(sandbox)
  const identity = { NAME: 'maintainer', EMAIL: 'maintainer@localhost' }
  return {
    ...process.env,
    PATH,
    npm_config_registry,
    npm_config_userconfig,
    ...Object.fromEntries(
      Object.entries(identity).flatMap(([key, value]) => [`AUTHOR_${key}`, `COMMITTER_${key}`].map((name) => [`GIT_${name}`, value])),
    ),
  }
}

/**
 * A repository with the workspace as it is now, without its pending changesets. Packages ask for no statement of provenance: only a CI service can sign one, and a release
 * from anywhere else is refused because of it.
 */
export async function copyWorkspace(directory: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await runProgram('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, env })
  for (const path of new Set(stdout.split('\0').filter((name) => name !== ''))) {
    if (path.startsWith('.changeset/') && path.endsWith('.md')) continue
    // A file that git knows may have been deleted.
    await cp(join(ROOT, path), join(directory, path)).catch(unlessAbsent)
  }
  for (const folder of publicPackages(directory)) {
    const path = join(folder, 'package.json')
    const manifest = JSON.parse(await readFile(path, 'utf8'))
    delete manifest.publishConfig.provenance
    await writeFile(path, JSON.stringify(manifest, null, 2))
  }
  for (const parameters of [
    ['init', '--quiet', '--initial-branch', 'main'],
    ['add', '--all'],
    ['commit', '--quiet', '--message', 'All of it'],
  ])
    await runProgram('git', parameters, { cwd: directory, env })
}

function unlessAbsent(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}
