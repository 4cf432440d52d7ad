import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { furnish, packPackage, packWorkspace, publishArchives, strangersEnvironment, type Sandbox } from './package-tools.ts'
import { startRegistry } from './registry.ts'
import { runProgram } from './run-program.ts'
import { OWN, ROOT, THIRD_PARTY } from './workspace.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly sandbox: Sandbox
  }
}

/** Once for all integration tests: a registry on this machine with all our packages and the example of a third party, published as a release would. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'im-iad-integration-'))
  const upstream = (await runProgram('npm', ['config', 'get', 'registry'], { cwd: ROOT, env: process.env })).stdout.trim()
  const registry = await startRegistry({ directory: join(directory, 'registry'), upstream, own: OWN })
  // Downloads outlive one run of the tests where IM_IAD_TEST_CACHE names a folder for them.
  const sandbox = { directory, registry: registry.url, cache: process.env['IM_IAD_TEST_CACHE'] ?? join(directory, 'cache') }
  const stop = async (): Promise<void> => {
    await registry.stop()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await furnish(sandbox)
    const env = strangersEnvironment(sandbox)
    const archives = join(directory, 'archives')
    await mkdir(archives)
    await publishArchives([...(await packWorkspace(ROOT, archives, env)), await packPackage(THIRD_PARTY, archives, env)], env)
  } catch (failure) {
    await stop()
    throw failure
  }
  project.provide('sandbox', sandbox)
  return stop
}
