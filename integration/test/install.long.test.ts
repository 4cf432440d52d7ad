import { realpathSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { emptyFolder, INSTALLED, outside, SHORT_RUN, watchedEnvironment, type ListDocument, type RunDocument } from '../support/consumer.ts'
import { strangersEnvironment } from '../support/package-tools.ts'
import { parseJson, runProgram } from '../support/run-program.ts'
import { publicPackages, readManifest, THIRD_PARTY } from '../support/workspace.ts'

const sandbox = inject('sandbox')
const stranger = strangersEnvironment(sandbox)

const THIRD_PARTY_NAME: string = readManifest(THIRD_PARTY).name

/** Plugins of our packages that nobody installed here. */
const NOT_INSTALLED: readonly string[] = publicPackages()
  .map(readManifest)
  .filter(({ name, imIad }) => imIad !== undefined && !INSTALLED.includes(name) && /\/(algo|datasets|paradigm)-/.test(name))
  .flatMap(({ imIad }) => imIad?.provides.map(({ id }) => id) ?? [])

describe.each([
  { manager: 'npm', install: ['install', ...INSTALLED] },
  { manager: 'pnpm', install: ['add', ...INSTALLED] },
])('installed with $manager into an empty folder', ({ manager, install }) => {
  it('lists what is installed, runs the third party, and loads nothing from elsewhere', async () => {
    const folder = await emptyFolder(sandbox, manager)
    await writeFile(join(folder, 'package.json'), '{ "private": true }')
    const installed = await runProgram(manager, install, { cwd: folder, env: stranger })
    expect(installed.stdout + installed.stderr).not.toMatch(/peer dep|ERESOLVE/i)
    const { env, loaded } = await watchedEnvironment(sandbox)
    const imIad = join(folder, 'node_modules', '.bin', 'im-iad')

    const { plugins, problems } = parseJson<ListDocument>(await runProgram(imIad, ['list', '--json'], { cwd: folder, env }))
    expect(problems).toEqual([])
    const ids = plugins.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['synthetic', 'padim', 'unsupervised', 'colour-distance', 'image.auroc']))
    expect(NOT_INSTALLED).toContain('patchcore')
    expect(ids.filter((id) => NOT_INSTALLED.includes(id))).toEqual([])
    expect(plugins).toContainEqual(
      expect.objectContaining({ id: 'colour-distance', package: '@globex/im-iad-colour-distance', version: '1.0.0' }),
    )
    expect(
      outside(
        folder,
        plugins.map(({ path }) => path),
      ),
    ).toEqual([])

    const { experiments } = parseJson<RunDocument>(await runProgram(imIad, SHORT_RUN, { cwd: folder, env }))
    expect(experiments.map(({ algorithm, status }) => `${algorithm} ${status}`).toSorted()).toEqual(['colour-distance done', 'padim done'])
    for (const { metrics } of experiments) expect(metrics['image.auroc']).toBeGreaterThanOrEqual(0)
    const files = loaded()
    expect(files.some((file) => file.includes('im-iad-colour-distance'))).toBe(true)
    expect(files.some((file) => file.endsWith('.node'))).toBe(true)
    expect(outside(folder, files)).toEqual([])
  })
})

describe('installed for the whole machine', () => {
  let prefix: string
  let elsewhere: string
  let imIad: string

  beforeAll(async () => {
    prefix = await emptyFolder(sandbox, 'global')
    elsewhere = await emptyFolder(sandbox, 'elsewhere')
    imIad = process.platform === 'win32' ? join(prefix, 'im-iad.cmd') : join(prefix, 'bin', 'im-iad')
    await runProgram('npm', ['install', '--global', '--prefix', prefix, ...INSTALLED], { cwd: elsewhere, env: stranger })
  })

  const listed = async (): Promise<ListDocument> =>
    parseJson<ListDocument>(await runProgram(imIad, ['list', '--json'], { cwd: elsewhere, env: stranger }))

  it('a global command finds a global plugin from any folder', async () => {
    const { env, loaded } = await watchedEnvironment(sandbox)
    const { plugins, problems } = await listed()
    expect(problems).toEqual([])
    expect(plugins.map(({ id }) => id)).toEqual(expect.arrayContaining(['colour-distance', 'synthetic', 'unsupervised']))
    const { experiments } = parseJson<RunDocument>(await runProgram(imIad, SHORT_RUN, { cwd: elsewhere, env }))
    expect(experiments).toMatchObject([{ status: 'done' }, { status: 'done' }])
    expect(outside(prefix, loaded())).toEqual([])
  })

  it('im-iad plugins add and remove do the same without npm install', async () => {
    await runProgram('npm', ['uninstall', '--global', '--prefix', prefix, THIRD_PARTY_NAME], { cwd: elsewhere, env: stranger })
    expect((await listed()).plugins.map(({ id }) => id)).not.toContain('colour-distance')

    await runProgram(imIad, ['plugins', 'add', THIRD_PARTY_NAME], { cwd: elsewhere, env: stranger })
    const { plugins, problems } = await listed()
    expect(problems).toEqual([])
    const added = plugins.find(({ id }) => id === 'colour-distance')
    const home = realpathSync(join(sandbox.directory, 'home'))
    expect(added?.package).toBe(THIRD_PARTY_NAME)
    expect(outside(home, [added?.path ?? ''])).toEqual([])
    const { env, loaded } = await watchedEnvironment(sandbox)
    const cwd = await emptyFolder(sandbox, 'elsewhere')
    const { experiments } = parseJson<RunDocument>(await runProgram(imIad, SHORT_RUN, { cwd, env }))
    expect(experiments).toMatchObject([{ status: 'done' }, { status: 'done' }])
    const files = loaded()
    expect(files.some((file) => file.startsWith(home) && file.includes('im-iad-colour-distance'))).toBe(true)
    expect(outside(prefix, outside(home, files))).toEqual([])

    await runProgram(imIad, ['plugins', 'remove', THIRD_PARTY_NAME], { cwd: elsewhere, env: stranger })
    expect((await listed()).plugins.map(({ id }) => id)).not.toContain('colour-distance')
  })
})

describe('not installed at all', () => {
  it('npx brings the command and the plugins that are named', async () => {
    const folder = await emptyFolder(sandbox, 'npx')
    const packages = INSTALLED.map((name) => `--package=${name}`)
    const npx = (...parameters: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
      runProgram('npx', ['--yes', ...packages, 'im-iad', ...parameters], { cwd: folder, env: stranger })
    const { plugins, problems } = parseJson<ListDocument>(await npx('list', '--json'))
    expect(problems).toEqual([])
    expect(plugins.map(({ id }) => id)).toEqual(expect.arrayContaining(['colour-distance', 'synthetic', 'unsupervised']))
    const { experiments } = parseJson<RunDocument>(await npx(...SHORT_RUN))
    expect(experiments).toMatchObject([{ status: 'done' }, { status: 'done' }])
  })
})
