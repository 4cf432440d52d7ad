import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { furnish, packPackage, packWorkspace, publishArchives, strangersEnvironment, type Sandbox } from './package-tools.ts'
import { startRegistry } from './registry.ts'
import { runProgram } from './run-program.ts'
import { publicPackages, readManifest, ROOT } from './workspace.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly sandbox: Sandbox
  }
}

const THIRD_PARTY: string = join(ROOT, 'examples', 'third-party-plugin')

/** Once for all integration tests: a registry on this machine with all our packages and the example of a third party, published as a release would. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'im-iad-integration-'))
  const upstream = (await runProgram('npm', ['config', 'get', 'registry'], { cwd: ROOT, env: process.env })).stdout.trim()
  const own = [...[...publicPackages(), THIRD_PARTY].map((folder) => readManifest(folder).name), '@im-iad/*', '@acme/*']
  const registry = await startRegistry({ directory: join(directory, 'registry'), upstream, own })
  const sandbox = { directory, registry: registry.url }
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
