import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { major, minor, satisfies } from 'semver'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { emptyFolder, INSTALLED, SHORT_RUN, type ListDocument, type RunDocument } from '../support/consumer.ts'
import { furnish, packPackage, publishArchives, strangersEnvironment, type Sandbox } from '../support/package-tools.ts'
import { startRegistry, type Registry } from '../support/registry.ts'
import { parseJson, runProgram } from '../support/run-program.ts'
import { copyWorkspace, maintainersEnvironment } from '../support/workspace-copy.ts'
import { OWN, publicPackages, readManifest, ROOT, THIRD_PARTY, type Manifest } from '../support/workspace.ts'

const CORE = '@im-iad/core'
const shared = inject('sandbox')

/** A registry of its own, in which nothing was published yet. */
let sandbox: Sandbox
let registry: Registry
let workspace: string
let maintainer: NodeJS.ProcessEnv
let stranger: NodeJS.ProcessEnv

beforeAll(async () => {
  const directory = await emptyFolder(shared, 'release')
  registry = await startRegistry({ directory: join(directory, 'registry'), upstream: shared.registry, own: OWN })
  sandbox = { directory, registry: registry.url, cache: shared.cache }
  await furnish(sandbox)
  maintainer = maintainersEnvironment(sandbox)
  stranger = strangersEnvironment(sandbox)
  workspace = await emptyFolder(sandbox, 'workspace')
  await copyWorkspace(workspace, maintainer)
  await runProgram('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], { cwd: workspace, env: maintainer })
})

afterAll(() => registry.stop())

const manifests = (): readonly Manifest[] => publicPackages(workspace).map(readManifest)

/** What the registry says of a package's newest version. */
async function published({ name }: Manifest): Promise<Manifest> {
  const answer = await fetch(new URL(`${encodeURIComponent(name)}/latest`, sandbox.registry))
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`)
  return (await answer.json()) as Manifest
}

/** Publishes with the script that does it for real. @returns what it says it has published, sorted */
async function release(): Promise<readonly string[]> {
  const { stdout } = await runProgram('npm', ['run', 'release'], { cwd: workspace, env: maintainer })
  const [, done = ''] = stdout.split('packages published successfully:')
  return done
    .split('\n')
    .flatMap((line) => /^🦋 +(\S+@\d\S*)$/.exec(line)?.[1] ?? [])
    .toSorted()
}

const named = (list: readonly Manifest[]): readonly string[] => list.map(({ name, version }) => `${name}@${version}`).toSorted()

it('publishes every package that is not private, ready to be installed', async () => {
  expect(await release()).toEqual(named(manifests()))
  const scoped = await readdir(join(sandbox.directory, 'registry', 'storage', '@im-iad'))
  const expected = manifests().flatMap(({ name }) => (name.startsWith('@im-iad/') ? [name.slice('@im-iad/'.length)] : []))
  expect(scoped.toSorted()).toEqual(expected.toSorted())
  const all = await Promise.all(manifests().map(published))
  expect(JSON.stringify(all)).not.toMatch(/"(workspace|catalog):/)
  expect(all.filter(({ imIad, peerDependencies }) => imIad !== undefined && !/^\^\d/.test(peerDependencies?.[CORE] ?? ''))).toEqual([])
})

it('a minor release of core changes no plugin, and the plugins that people have go on working', async () => {
  await publishArchives([await packPackage(THIRD_PARTY, sandbox.directory, stranger)], stranger)
  const folder = await emptyFolder(sandbox, 'before')
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  await runProgram('npm', ['install', ...INSTALLED], { cwd: folder, env: stranger })

  const before = manifests()
  await writeFile(
    join(workspace, '.changeset', 'core-grows.md'),
    `---\n'${CORE}': minor\n---\n\nThe contracts have one more optional member.\n`,
  )
  await runProgram('npm', ['run', 'version-packages'], { cwd: workspace, env: maintainer })
  const core = manifests().find(({ name }) => name === CORE)?.version ?? ''
  const old = before.find(({ name }) => name === CORE)?.version ?? ''
  expect([major(core), minor(core)]).toEqual([major(old), minor(old) + 1])
  expect(manifests().filter(({ name }) => name !== CORE)).toEqual(before.filter(({ name }) => name !== CORE))
  await runProgram('git', ['commit', '--quiet', '--all', '--message', 'Versions'], { cwd: workspace, env: maintainer })

  expect(await release()).toEqual([`${CORE}@${core}`])
  const all = await Promise.all(manifests().map(published))
  const ranges = all.flatMap(({ peerDependencies, dependencies }) => [peerDependencies?.[CORE] ?? [], dependencies?.[CORE] ?? []].flat())
  expect(ranges.length).toBeGreaterThan(10)
  expect(ranges.filter((range) => !satisfies(core, range))).toEqual([])

  // A user takes the new core and keeps everything else.
  await runProgram('npm', ['update', CORE], { cwd: folder, env: stranger })
  expect(readManifest(join(folder, 'node_modules', CORE)).version).toBe(core)
  await runProgram('npm', ['ls', '--all'], { cwd: folder, env: stranger })
  const imIad = join(folder, 'node_modules', '.bin', 'im-iad')
  const { problems } = parseJson<ListDocument>(await runProgram(imIad, ['list', '--json'], { cwd: folder, env: stranger }))
  expect(problems).toEqual([])
  const { experiments } = parseJson<RunDocument>(await runProgram(imIad, SHORT_RUN, { cwd: folder, env: stranger }))
  expect(experiments).toMatchObject([{ status: 'done' }, { status: 'done' }])
})

it('cannot be made from a machine that signs nothing', async () => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/ID_TOKEN/.test(name)))
  const { stderr } = await runProgram(process.execPath, ['scripts/release.mjs'], { cwd: ROOT, env, allowed: [2] })
  expect(stderr).toMatch(/cannot publish from here[^]*statement of provenance[^]*id-token: write/)
})
