import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { furnish, packPackages, publishArchives, strangersEnvironment, type Sandbox } from './package-tools.ts'
import { startRegistry } from './registry.ts'
import { runProgram } from './run-program.ts'
import { publicPackages, readManifest, ROOT } from './workspace.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly sandbox: Sandbox
  }
}

/** Once for all integration tests: a registry on this machine with all our packages and the example of a third party, published as a release would. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'im-iad-integration-'))
  const upstream = (await runProgram('npm', ['config', 'get', 'registry'], { cwd: ROOT, env: process.env })).stdout.trim()
  const packages = [...publicPackages(), join(ROOT, 'examples', 'third-party-plugin')]
  const own = [...packages.map((folder) => readManifest(folder).name), '@im-iad/*', '@globex/*']
  const registry = await startRegistry({ directory: join(directory, 'registry'), upstream, own })
  const sandbox = { directory, registry: registry.url }
  const stop = async (): Promise<void> => {
    await registry.stop()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await furnish(sandbox)
    const env = strangersEnvironment(sandbox)
    await publishArchives(await packPackages(packages, join(directory, 'archives'), env), env)
  } catch (failure) {
    await stop()
    throw failure
  }
  project.provide('sandbox', sandbox)
  return stop
}
