import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { discover } from '../src/discovery/discover.ts'
import type { Discovery } from '../src/discovery/discovered-plugin.ts'
import { createRegistry, loadPlugin } from '../src/registry/registry.ts'
import { temporaryFolder, TOY_PLUGINS } from './support/toy-run.ts'

let project: string
let command: string
let managed: string

beforeEach(async () => {
  const root = await temporaryFolder()
  project = join(root, 'project')
  command = join(root, 'global', 'node_modules', '@im-iad', 'cli')
  managed = join(root, 'managed')
  for (const folder of [project, command, managed]) await mkdir(folder, { recursive: true })
})

const search = (requested: readonly string[] = []): Discovery =>
  discover({ workingDirectory: project, commandDirectory: command, requested, managedDirectory: managed })

const metric = (id: string): object => ({ kind: 'metric', id, entry: './index.js' })

async function install(folder: string, name: string, manifest: object, entry = ''): Promise<string> {
  const directory = join(folder, 'node_modules', name)
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'package.json'), JSON.stringify({ name, version: '1.0.0', type: 'module', ...manifest }))
  await writeFile(join(directory, 'index.js'), entry)
  return directory
}

async function declare(folder: string, ...names: readonly string[]): Promise<void> {
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'user', dependencies: Object.fromEntries(names.map((name) => [name, '*'])) }),
  )
}

describe('discovery', () => {
  it('finds declared dependencies from the working directory upwards, and nothing undeclared', async () => {
    await install(project, 'declared', { imIad: { contract: 1, provides: [metric('image.a')] } })
    await install(project, 'undeclared', { imIad: { contract: 1, provides: [metric('image.b')] } })
    await declare(project, 'declared', 'not-installed')
    const below = join(project, 'deep', 'er')
    await mkdir(below, { recursive: true })
    const found = discover({ workingDirectory: below, commandDirectory: command, requested: [], managedDirectory: managed })
    expect(found.plugins.map((plugin) => [plugin.id, plugin.declaredBy])).toEqual([['image.a', join(project, 'package.json')]])
    expect(found.problems).toEqual([])
  })

  it('finds what stands beside a globally installed command, and the managed folder', async () => {
    await install(join(command, '..', '..', '..'), 'im-iad-beside', { imIad: { contract: 1, provides: [metric('image.beside')] } })
    await install(managed, 'im-iad-managed', { imIad: { contract: 1, provides: [metric('image.managed')] } })
    await declare(managed, 'im-iad-managed')
    expect(search().plugins.map((plugin) => plugin.id)).toEqual(['image.beside', 'image.managed'])
  })

  it('finds a symlinked package once, by its real path', async () => {
    const real = await install(join(project, 'elsewhere'), 'linked', { imIad: { contract: 1, provides: [metric('image.linked')] } })
    await mkdir(join(project, 'node_modules'))
    await symlink(real, join(project, 'node_modules', 'linked'))
    await declare(project, 'linked')
    await declare(managed, 'linked')
    await mkdir(join(managed, 'node_modules'))
    await symlink(real, join(managed, 'node_modules', 'linked'))
    expect(search().plugins).toMatchObject([{ id: 'image.linked', directory: real }])
    expect(search().problems).toEqual([])
  })

  it('takes the nearer of two copies of one package, with a note', async () => {
    await install(project, 'twice', { version: '2.0.0', imIad: { contract: 1, provides: [metric('image.t')] } })
    await install(managed, 'twice', { imIad: { contract: 1, provides: [metric('image.t')] } })
    await declare(project, 'twice')
    await declare(managed, 'twice')
    expect(search().plugins).toMatchObject([{ version: '2.0.0' }])
    expect(search().problems).toMatchObject([{ severity: 'note', code: 'IM_IAD_E_SHADOWED', path: join(managed, 'node_modules', 'twice') }])
  })

  it.each([
    [
      'another contract',
      { contract: 2, provides: [metric('image.x')] },
      'IM_IAD_E_CONTRACT',
      'it speaks contract 2; this im-iad supports 1',
    ],
    ['no object', 'yes', 'IM_IAD_E_MANIFEST', '"imIad" in package.json is not an object'],
    ['nothing provided', { contract: 1, provides: [] }, 'IM_IAD_E_MANIFEST', 'not a list of {kind, id, entry}'],
    [
      'an unknown kind',
      { contract: 1, provides: [{ kind: 'datset', id: 'x', entry: './index.js' }] },
      'IM_IAD_E_MANIFEST',
      'unknown kind "datset"',
    ],
    [
      'a bad id',
      { contract: 1, provides: [{ kind: 'dataset', id: 'X y', entry: './index.js' }] },
      'IM_IAD_E_MANIFEST',
      'is not of lower case letters',
    ],
    [
      'an entry outside',
      { contract: 1, provides: [{ kind: 'dataset', id: 'x', entry: '../../evil.js' }] },
      'IM_IAD_E_MANIFEST',
      'lies outside the package',
    ],
    ['an absent entry', { contract: 1, provides: [{ kind: 'dataset', id: 'x', entry: './gone.js' }] }, 'IM_IAD_E_ENTRY', 'does not exist'],
  ])('reports a manifest with %s and leaves only it out', async (_name, imIad, code, problem) => {
    await install(project, 'broken', { imIad })
    await install(project, 'sound', { imIad: { contract: 1, provides: [metric('image.sound')] } })
    await declare(project, 'broken', 'sound')
    const found = search()
    expect(found.plugins.map((plugin) => plugin.id)).toEqual(['image.sound'])
    expect(found.problems).toMatchObject([
      { severity: 'error', code, package: 'broken', version: '1.0.0', declaredBy: join(project, 'package.json') },
    ])
    expect(found.problems[0]?.problem).toContain(problem)
    expect(found.problems[0]?.fix).not.toBe('')
  })

  it('looks at --plugin first, and says when it is not there', () => {
    const found = search([TOY_PLUGINS, 'nowhere-to-be-found'])
    expect(found.places[0]).toMatchObject({ role: 'requested', path: TOY_PLUGINS, packages: 1 })
    expect(found.problems).toMatchObject([{ code: 'IM_IAD_E_NOT_INSTALLED', package: 'nowhere-to-be-found' }])
  })
})

describe('registry', () => {
  it('names the nearest plugin for a mistyped id', () => {
    expect(() => createRegistry(search([TOY_PLUGINS])).find('algorithm', 'toy-maen')).toThrow('did you mean "toy-mean"?')
  })

  it('refuses an id that two packages provide, and takes the qualified one', async () => {
    for (const name of ['one', 'two']) await install(project, name, { imIad: { contract: 1, provides: [metric('image.same')] } })
    await declare(project, 'one', 'two')
    const registry = createRegistry(search())
    expect(() => registry.find('metric', 'image.same')).toThrow(/is provided by 2 packages[^]*one\/image.same or two\/image.same/)
    expect(registry.find('metric', 'two/image.same').package).toBe('two')
  })

  it.each([
    ['throws when imported', 'throw new Error("boom")', 'throws when it is imported: boom'],
    ['exports nothing', '', 'no default export (it exports nothing)'],
    ['speaks another contract', 'export default { contract: 9 }', 'the object speaks contract 9'],
    [
      'has another id',
      'export default { contract: 1, kind: "metric", id: "image.other", title: "t", revision: 1 }',
      '"id" is "image.other"',
    ],
    [
      'lacks members',
      'export default { contract: 1, kind: "metric", id: "image.x", title: "t", revision: 0 }',
      '"revision" is not a whole number',
    ],
  ])('reports an entry that %s', async (_name, entry, problem) => {
    await install(project, 'broken', { imIad: { contract: 1, provides: [metric('image.x')] } }, entry)
    await declare(project, 'broken')
    const loading = loadPlugin(createRegistry(search()).find('metric', 'image.x'))
    await expect(loading).rejects.toThrow(problem)
    await expect(loading).rejects.toThrow(`broken@1.0.0`)
  })

  it('reports a parameter schema that throws', async () => {
    const entry = `export default { contract: 1, kind: 'paradigm', id: 'p', title: 't', revision: 1, citation: 'c', scope: 'category', plan() {},
      parameters: { '~standard': { validate() {}, jsonSchema: { input() { throw new Error('no schema') } } } } }`
    await install(project, 'broken', { imIad: { contract: 1, provides: [{ kind: 'paradigm', id: 'p', entry: './index.js' }] } }, entry)
    await declare(project, 'broken')
    await expect(loadPlugin(createRegistry(search()).find('paradigm', 'p'))).rejects.toThrow('do not describe themselves: no schema')
  })

  it('waits for an entry only so long', async () => {
    await install(project, 'endless', { imIad: { contract: 1, provides: [metric('image.x')] } }, 'await new Promise(() => undefined)')
    await declare(project, 'endless')
    const found = createRegistry(search()).find('metric', 'image.x')
    await expect(loadPlugin(found, { secondsToImport: 0.1 })).rejects.toThrow('has not finished importing after 0.1 s')
  })

  it('loads every toy plugin', async () => {
    const { plugins } = search([TOY_PLUGINS])
    const manifest: { imIad: { provides: unknown[] } } = JSON.parse(await readFile(join(TOY_PLUGINS, 'package.json'), 'utf8'))
    expect(plugins).toHaveLength(manifest.imIad.provides.length)
    for (const plugin of plugins) expect(await loadPlugin(plugin)).toMatchObject({ kind: plugin.kind, id: plugin.id })
    await rm(project, { recursive: true })
  })
})
