import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { extract, list } from 'tar'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AvailableWeights } from '../src/bundle/bundled-weights.ts'
import type { PackageSource } from '../src/bundle/choose-packages.ts'
import { makeBundle, type Bundle, type BundleRequest } from '../src/bundle/make-bundle.ts'
import { parseNativeBinary } from '../src/bundle/native-binary.ts'
import { parsePlatform } from '../src/bundle/platform.ts'
import { BINARIES, openBundleRegistry } from './support/bundle-registry.ts'
import { temporaryFolder } from './support/im-iad.ts'
import { imIadHere } from './support/in-process.ts'
import { writePackage } from './support/plugin-package.ts'
import type { TestRegistry } from './support/registry.ts'
import { mountDisk, whyNoDisk } from './support/small-disk.ts'
import { noise, sha256 } from './support/weights-plugin.ts'

const noDisk = await whyNoDisk()

let registry: TestRegistry
let cache: string
let folder: string
let temporary: string

beforeAll(async () => {
  registry = await openBundleRegistry()
  cache = await temporaryFolder()
})

afterAll(() => registry.close())

beforeEach(async () => {
  folder = await temporaryFolder()
  temporary = join(folder, 'temporary')
  await mkdir(temporary)
  vi.stubEnv('TMPDIR', temporary)
})

afterEach(() => vi.unstubAllEnvs())

const named = (name: string): PackageSource => ({
  kind: 'npm',
  request: { kind: 'registry', name, argument: name },
  isInstalled: name === '@im-iad/cli',
})

function bundle(
  platform: string,
  change: Partial<BundleRequest> & { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Bundle> {
  const { env = {}, ...rest } = change
  return makeBundle({
    platform: parsePlatform(platform),
    sources: ['@im-iad/cli', 'im-iad-paradigm-good'].map(named),
    weights: [],
    file: join(folder, `${platform}.tgz`),
    root: 'im-iad-bundle',
    environment: {
      ...process.env,
      npm_config_registry: registry.url,
      npm_config_cache: cache,
      npm_config_fetch_retries: '0',
      npm_config_update_notifier: 'false',
      ...env,
    },
    signal: new AbortController().signal,
    onStep: () => undefined,
    ...rest,
  })
}

interface ArchivedFile {
  readonly path: string
  readonly mode: number
  readonly mtime: string
}

async function filesIn(file: string): Promise<readonly ArchivedFile[]> {
  const found: ArchivedFile[] = []
  await list({ file, onReadEntry: ({ path, mode = 0, mtime }) => void found.push({ path, mode, mtime: mtime?.toISOString() ?? '' }) })
  return found
}

async function pathsIn(file: string): Promise<readonly string[]> {
  return (await filesIn(file)).map(({ path }) => path.replace('im-iad-bundle/', ''))
}

async function unpack(file: string): Promise<string> {
  const into = await temporaryFolder()
  await extract({ file, cwd: into })
  return join(into, 'im-iad-bundle')
}

function node(...parameters: readonly string[]): { readonly code: number | null; readonly text: string } {
  const env = { ...process.env, IM_IAD_HOME: '' }
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8', env })
  return { code: status, text: stdout + stderr }
}

describe('a bundle', () => {
  it('holds the binaries of its platform and no others', async () => {
    const made = await bundle('darwin-arm64')
    const paths = await pathsIn(made.file)
    expect(paths.filter((path) => path.endsWith('.node'))).toEqual([
      'node_modules/chosen-darwin-arm64/addon.node',
      'node_modules/many/bin/darwin-arm64/addon.node',
    ])
    expect(made.pruned).toEqual({ files: 2, bytes: 128 + 256 })
    expect(made.plugins).toEqual([{ kind: 'paradigm', id: 'im-iad-paradigm-good', package: 'im-iad-paradigm-good', version: '1.0.0' }])
    expect(made.requested).toEqual(['@im-iad/cli', 'im-iad-paradigm-good'])
  })

  it('is the same bytes from the same packages, whenever and wherever it is made', async () => {
    const first = await bundle('linux-x64', { file: join(folder, 'a.tgz') })
    const mask = process.umask(0o077)
    const second = await bundle('linux-x64', { file: join(folder, 'b.tgz'), env: { npm_config_cache: await temporaryFolder() } })
    process.umask(mask)
    expect(second.sha256).toBe(first.sha256)
    expect(
      createHash('sha256')
        .update(await readFile(second.file))
        .digest('hex'),
    ).toBe(first.sha256)
    const files = await filesIn(first.file)
    expect(new Set(files.map(({ mtime }) => mtime))).toEqual(new Set(['2000-01-01T00:00:00.000Z']))
    expect(files.filter(({ mode }) => mode !== 0o644).map(({ path, mode }) => `${path} ${mode.toString(8)}`)).toEqual([
      'im-iad-bundle/bin/im-iad 755',
      'im-iad-bundle/bin/im-iad.cmd 755',
      'im-iad-bundle/install.mjs 755',
    ])
    const paths = files.map(({ path }) => path)
    expect(paths.slice(0, -1)).toEqual(paths.slice(0, -1).toSorted())
    expect(paths.at(-1)).toBe('im-iad-bundle/SHA256SUMS')
  })

  it('says nothing of the registry and folders that it was made with', async () => {
    const made = await unpack((await bundle('linux-x64')).file)
    for (const path of await readdir(made, { recursive: true, withFileTypes: true })) {
      if (!path.isFile()) continue
      const text = await readFile(join(path.parentPath, path.name), 'latin1')
      expect(text).not.toContain(registry.url)
      expect(text).not.toContain(folder)
    }
  })

  it('takes folders as npm would pack them, without links', async () => {
    const mine = await writePackage(join(folder, 'mine'), {
      name: 'mine',
      manifest: { files: ['index.js'] },
      files: { 'notes.txt': 'private' },
    })
    const sources: readonly PackageSource[] = [
      named('@im-iad/cli'),
      { kind: 'npm', request: { kind: 'folder', argument: mine }, isInstalled: false },
    ]
    const made = await bundle('linux-x64', { sources })
    const paths = (await pathsIn(made.file)).filter((path) => path.startsWith('node_modules/mine/'))
    expect(paths).toEqual(['node_modules/mine/index.js', 'node_modules/mine/package.json'])
    expect(made.requested).toEqual(['@im-iad/cli', 'mine'])
  })

  it('offers to try a folder of pictures only with the dataset that reads one', async () => {
    const readme = async (file: string): Promise<string> => readFile(join(await unpack(file), 'README.md'), 'utf8')
    expect(await readme((await bundle('linux-x64')).file)).not.toContain('im-iad try')
    const pictures = await writePackage(join(folder, 'pictures'), {
      name: 'pictures',
      imIad: { contract: 1, provides: [{ kind: 'dataset', id: 'folder', entry: './index.js' }] },
    })
    const sources: readonly PackageSource[] = [
      named('@im-iad/cli'),
      { kind: 'npm', request: { kind: 'folder', argument: pictures }, isInstalled: false },
    ]
    expect(await readme((await bundle('linux-x64', { sources, file: join(folder, 'pictures.tgz') })).file)).toContain('im-iad try FOLDER')
  })

  it('holds weights with the input description of an .onnx file', async () => {
    const content = noise(300_000)
    await writeFile(join(folder, 'net.onnx'), content)
    await writeFile(join(folder, 'net.json'), '{}')
    const weights: AvailableWeights = {
      backbone: null,
      package: null,
      file: 'net.onnx',
      path: join(folder, 'net.onnx'),
      size: content.length,
      sha256: sha256(content),
      license: null,
    }
    const made = await bundle('linux-x64', { weights: [weights] })
    const there = await unpack(made.file)
    expect(await readdir(join(there, 'home', 'weights'))).toEqual(['net.json', 'net.onnx'])
    expect(sha256(await readFile(join(there, 'home', 'weights', 'net.onnx')))).toBe(weights.sha256)
    const damaged = bundle('linux-x64', { weights: [{ ...weights, sha256: '0'.repeat(64) }], file: join(folder, 'damaged.tgz') })
    await expect(damaged).rejects.toMatchObject({ code: 'IM_IAD_E_WEIGHTS' })
    expect((await readdir(folder)).filter((name) => name.startsWith('damaged'))).toEqual([])
  })
})

describe('what is refused, with nothing left behind', () => {
  async function expectRefusal(refused: Promise<Bundle>, error: object): Promise<void> {
    await expect(refused).rejects.toMatchObject(error)
    expect((await readdir(folder)).filter((name) => name.includes('.tgz'))).toEqual([])
    expect((await readdir(temporary)).filter((name) => name.startsWith('im-iad-bundle-'))).toEqual([])
  }

  it.each<[string, string, string, RegExp]>([
    ['a package that no registry has', 'im-iad-algo-nowhere', 'IM_IAD_E_NPM', /npm says E404/],
    ['a package without plugins', 'left-pad', 'IM_IAD_E_NO_PLUGINS', /left-pad@1\.0\.0 cannot be bundled/],
    ['add-ons for other systems only', 'im-iad-windows-only', 'IM_IAD_E_BUNDLE', /im-iad-windows-only cannot work on linux-x64/],
  ])('%s', async (_what, name, code, message) => {
    const refused = bundle('linux-x64', { sources: ['@im-iad/cli', name].map(named) })
    await expectRefusal(refused, { code, message: expect.stringMatching(message) })
  })

  it('binaries that the registry does not give', async () => {
    const refused = bundle('win32-x64')
    await expectRefusal(refused, { code: 'IM_IAD_E_BUNDLE', message: expect.stringContaining('chosen-win32-x64') })
  })

  it('no network', async () => {
    const refused = bundle('linux-x64', { env: { npm_config_registry: 'http://127.0.0.1:9/', npm_config_cache: await temporaryFolder() } })
    await expectRefusal(refused, {
      code: 'IM_IAD_E_NPM',
      message: expect.stringMatching(/ECONNREFUSED.*\n.*check the network/),
    })
  })

  it('a folder that is not there', async () => {
    const refused = bundle('linux-x64', { file: join(folder, 'nowhere', 'bundle.tgz') })
    await expectRefusal(refused, { code: 'IM_IAD_E_BUNDLE', message: expect.stringContaining('no such folder') })
  })

  it.skipIf(noDisk !== null)(`a full disk${noDisk === null ? '' : ` (skipped: ${noDisk})`}`, async () => {
    const disk = await mountDisk('size=64k')
    try {
      await writeFile(join(folder, 'net.onnx'), noise(500_000))
      const weights = [
        { backbone: null, package: null, file: 'net.onnx', path: join(folder, 'net.onnx'), size: null, sha256: null, license: null },
      ]
      const refused = bundle('linux-x64', { weights, file: join(disk.folder, 'bundle.tgz') })
      await expectRefusal(refused, { code: 'IM_IAD_E_DISK_FULL' })
      expect(await readdir(disk.folder)).toEqual([])
    } finally {
      disk.remove()
    }
  })

  it('an interruption', async () => {
    const interruption = new AbortController()
    const refused = bundle('linux-x64', { signal: interruption.signal, onStep: () => setTimeout(() => interruption.abort(), 200) })
    await expectRefusal(refused, { name: 'AbortError' })
  })
})

describe('the command', () => {
  it.each([
    ['an unknown platform', ['--platform', 'win-x64'], 'did you mean "win32-x64"?'],
    ['weights that are not here', ['--platform', 'linux-x64', '--weights', 'nothing'], 'there are no weights "nothing" to bundle'],
    ['an absent folder', ['--platform', 'linux-x64', './nowhere'], 'no such tarball, or folder'],
    ['no platform', [], 'platform'],
  ])('refuses %s before npm is started', async (_what, flags, text) => {
    const { stderr, code } = await imIadHere(['bundle', ...flags], { IM_IAD_HOME: folder, PATH: '' })
    expect(stderr).toContain(text)
    expect(code).toBe(2)
  })

  it('never writes over a file', async () => {
    const file = join(folder, 'mine.tgz')
    await writeFile(file, 'mine')
    const { stderr, code } = await imIadHere(['bundle', '--platform', 'linux-x64', '--out', file], { IM_IAD_HOME: folder, PATH: '' })
    expect(stderr).toContain('there is such a file already; nothing was changed [IM_IAD_E_EXISTS]')
    expect(code).toBe(2)
    expect(await readFile(file, 'utf8')).toBe('mine')
  })
})

const isPlatform = process.platform === 'linux' && process.arch === 'x64'

describe.skipIf(!isPlatform)(
  `install.mjs${isPlatform ? '' : ' (skipped: this machine is not linux-x64, which these bundles are for)'}`,
  () => {
    let there: string

    beforeEach(async () => {
      there = await unpack((await bundle('linux-x64')).file)
    })

    it('finds all well in place, and the launcher starts the command with a home of its own', () => {
      const installed = node(join(there, 'install.mjs'))
      expect(installed.text).toContain('files are as they were packed')
      expect(installed.text).toContain(`command doctor ${join(there, 'home')}`)
      expect(installed.code).toBe(0)
      expect(node(join(there, 'bin', 'im-iad'), 'list', '--json').text).toBe(`command list --json ${join(there, 'home')}\n`)
    })

    it('copies to a new folder, and to no other', () => {
      const target = join(folder, 'new', 'place')
      expect(node(join(there, 'install.mjs'), '--to', target)).toMatchObject({
        code: 0,
        text: expect.stringContaining(`im-iad is ready: ${target}`),
      })
      expect(node(join(target, 'install.mjs')).code).toBe(0)
      expect(node(join(there, 'install.mjs'), '--to', target)).toMatchObject({
        code: 1,
        text: expect.stringContaining('there is something already'),
      })
    })

    it.each<[string, (there: string) => Promise<void>, string]>([
      ['changed', (path) => appendFile(join(path, 'node_modules', 'many', 'package.json'), ' '), 'changed  node_modules/many/package.json'],
      ['missing', (path) => rm(join(path, 'bundle.json')), 'bundle.json'],
      ['missing among others', (path) => rm(join(path, 'README.md')), 'missing  README.md'],
      ['added', (path) => writeFile(join(path, 'node_modules', 'many', 'more.js'), ''), 'added    node_modules/many/more.js'],
    ])('notices a file that is %s', async (_what, change, text) => {
      await change(there)
      const { code, text: said } = node(join(there, 'install.mjs'))
      expect(said).toContain(text)
      expect(code).toBe(1)
    })

    it('refuses another machine', async () => {
      const other = await unpack((await bundle('darwin-arm64')).file)
      expect(node(join(other, 'install.mjs'))).toMatchObject({
        code: 1,
        text: expect.stringContaining('this bundle is for darwin-arm64, and this machine'),
      })
      expect(existsSync(join(other, 'home'))).toBe(false)
    })
  },
)

describe('headers of binaries', () => {
  it.each([
    ['linux-x64', { os: 'linux', cpus: ['x64'] }],
    ['linux-arm64', { os: 'linux', cpus: ['arm64'] }],
    ['win32-x64', { os: 'win32', cpus: ['x64'] }],
    ['win32-arm64', { os: 'win32', cpus: ['arm64'] }],
    ['darwin-x64', { os: 'darwin', cpus: ['x64'] }],
    ['darwin-arm64', { os: 'darwin', cpus: ['arm64'] }],
    ['darwin-universal', { os: 'darwin', cpus: ['x64', 'arm64'] }],
  ])('%s', (name, expected) => {
    expect(parseNativeBinary(BINARIES[name] ?? Buffer.alloc(0))).toEqual(expected)
  })

  it('Node itself is for the platform that it runs on', async () => {
    const header = (await readFile(process.execPath)).subarray(0, 1024)
    expect(parseNativeBinary(header)).toMatchObject({ os: process.platform, cpus: [process.arch] })
  })

  it.each([
    ['text', Buffer.from('MZ is how this text begins, which is no program at all, whatever it may look like.')],
    ['a class file of Java', Buffer.concat([Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52]), Buffer.alloc(100)])],
    ['nothing', Buffer.alloc(0)],
  ])('%s is none', (_what, header) => {
    expect(parseNativeBinary(header)).toBe(null)
  })
})
