import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LICENSES, PLUGIN_TEMPLATES, scaffold, type ScaffoldRequest } from '../src/index.ts'

async function target(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), 'im-iad-create-')), 'package')
}

async function make(change: Partial<ScaffoldRequest> = {}): Promise<{ directory: string; id: string; files: readonly string[] }> {
  const directory = await target()
  const written = await scaffold({ kind: 'algorithm', name: 'im-iad-algo-glow', directory, license: 'MIT', ...change })
  return { directory, ...written }
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

const manifestOf = async (directory: string): Promise<Manifest> => JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))

describe.each(PLUGIN_TEMPLATES.map(({ kind }) => kind))('a scaffolded %s', (kind) => {
  it('has everything that a published plugin has, and nothing left to fill in', async () => {
    const { directory, id, files } = await make({ kind, name: '@acme/im-iad-glow' })
    expect(id).toBe(kind === 'metric' ? 'image.glow' : 'glow')
    for (const file of ['package.json', 'README.md', 'LICENSE', '.gitignore', 'tsconfig.json', 'src/index.ts', 'test/conformance.test.ts'])
      expect(files).toContain(file)
    expect(files).toEqual([...files].toSorted())
    for (const file of files) expect(await readFile(join(directory, file), 'utf8')).not.toContain('__')
    expect(await manifestOf(directory)).toMatchObject({
      name: '@acme/im-iad-glow',
      keywords: ['im-iad-plugin'],
      license: 'MIT',
      publishConfig: { access: 'public' },
      peerDependencies: { '@im-iad/core': '^1' },
      imIad: { contract: 1, provides: [{ kind, id, entry: './dist/index.js' }] },
    })
  })

  it('depends on versions, not on a workspace', async () => {
    const { dependencies = {}, devDependencies } = await manifestOf((await make({ kind })).directory)
    for (const range of Object.values({ ...dependencies, ...devDependencies })) expect(range).toMatch(/^\^\d+\.\d+\.\d+/)
  })
})

describe('the folder', () => {
  it('may be a new repository', async () => {
    const directory = await target()
    await mkdir(join(directory, '.git'), { recursive: true })
    await make({ directory })
    expect(await readdir(directory)).toContain('package.json')
  })

  it('is left alone when something is in it', async () => {
    const directory = await target()
    await mkdir(directory)
    await writeFile(join(directory, 'thesis.md'), 'years of work')
    await expect(make({ directory })).rejects.toThrow(/not empty; nothing was written[^]*it holds thesis\.md[^]*--directory/)
    expect(await readdir(directory)).toEqual(['thesis.md'])
  })

  it('is not a file', async () => {
    const directory = await target()
    await writeFile(directory, '')
    await expect(make({ directory })).rejects.toThrow(/a file where the package should go/)
  })
})

it.each(['Glow', 'im iad', '.glow', '@acme/', 'node_modules', '../glow', 'fs'])('refuses the name %j', async (name) => {
  const directory = await target()
  await expect(make({ name, directory })).rejects.toMatchObject({ code: 'IM_IAD_E_PACKAGE_NAME' })
  await expect(readdir(directory)).rejects.toMatchObject({ code: 'ENOENT' })
})

it.each([
  ['@acme/im-iad-algo-glow', 'glow'],
  ['im-iad-algo-glow.v2', 'glow.v2'],
  ['glow_worm', 'glow-worm'],
  ['im-iad-algo', 'algo'],
])('the plugin of %s is "%s"', async (name, id) => {
  expect(await make({ name })).toMatchObject({ id })
})

it.each(LICENSES.map(({ id }) => id))('licence %s is in package.json and LICENSE', async (license) => {
  const { directory } = await make({ license })
  expect(await manifestOf(directory)).toMatchObject({ license })
  const text = await readFile(join(directory, 'LICENSE'), 'utf8')
  expect(text).toContain(`${new Date().getFullYear()} the authors of im-iad-algo-glow`)
})
