import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { imIad, parseJson, temporaryFolder, type Outcome } from './support/im-iad.ts'
import { announce, packPackage, paradigm, writePackage, type PackageDescription } from './support/plugin-package.ts'
import { openRegistry, type TestRegistry } from './support/registry.ts'

interface Added {
  readonly folder: string
  readonly packages: readonly {
    readonly package: string
    readonly version: string
    readonly previous: string | null
    readonly path: string
    readonly plugins: readonly { readonly kind: string; readonly id: string }[]
  }[]
}

/** Nobody listens there: a test that reaches for a registry fails. */
const NO_REGISTRY = 'http://127.0.0.1:9/'

let root: string
let home: string
let registry: TestRegistry

/** A tarball of a package; each is packed once. */
const tarballs = new Map<string, Promise<string>>()
let packing: string

function tarball(description: PackageDescription): Promise<string> {
  const key = JSON.stringify(description)
  const known = tarballs.get(key)
  if (known !== undefined) return known
  const number = String(tarballs.size)
  const packed = writePackage(join(packing, number, 'package'), description).then((folder) => packPackage(folder, join(packing, number)))
  tarballs.set(key, packed)
  return packed
}

const GLOBEX: PackageDescription = { name: '@globex/im-iad-first', manifest: { peerDependencies: { '@im-iad/core': '^1.0.0' } } }
const CORE: PackageDescription = { name: '@im-iad/core', version: '1.4.0', imIad: null }
const GOOD: PackageDescription = { name: 'im-iad-paradigm-good' }

beforeAll(async () => {
  packing = await temporaryFolder()
  const publish = async (description: PackageDescription): Promise<Parameters<typeof openRegistry>[0][number]> => ({
    manifest: { name: description.name, version: description.version ?? '1.0.0', ...description.manifest },
    tarball: await tarball(description),
  })
  registry = await openRegistry(await Promise.all([GLOBEX, { ...GLOBEX, version: '2.0.0' }, CORE].map(publish)))
})

afterAll(() => registry.close())

beforeEach(async () => {
  root = await temporaryFolder()
  home = join(root, 'home')
})

function plugins(parameters: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return imIad(['plugins', ...parameters], {
    cwd: root,
    env: {
      IM_IAD_HOME: home,
      npm_config_registry: NO_REGISTRY,
      npm_config_fetch_retries: '0',
      npm_config_cache: join(packing, 'cache'),
      ...env,
    },
  })
}

const managed = (...path: readonly string[]): string => join(home, 'plugins', ...path)

async function listed(): Promise<readonly string[]> {
  const outcome = await imIad(['list', 'paradigms', '--json'], { env: { IM_IAD_HOME: home } })
  return parseJson<{ plugins: { id: string }[] }>(outcome).plugins.map((plugin) => plugin.id)
}

describe('im-iad plugins add', () => {
  it('installs a tarball that every folder finds, says what came, and does nothing the second time', async () => {
    const first = await plugins(['add', await tarball(GOOD)])
    expect(first.stdout).toBe(
      `added im-iad-paradigm-good@1.0.0\n  provides  paradigm im-iad-paradigm-good\n  found in  ${managed('node_modules', 'im-iad-paradigm-good')}\n`,
    )
    expect(first.code).toBe(0)
    expect(JSON.parse(await readFile(managed('package.json'), 'utf8'))).toMatchObject({ private: true })
    expect(await listed()).toContain('im-iad-paradigm-good')
    const again = await plugins(['add', await tarball(GOOD)])
    expect(again.stdout).toContain('im-iad-paradigm-good@1.0.0 was there already')
  })

  it('installs ranges from a registry with the peer that plugins share, and newer versions over older ones', async () => {
    const env = { npm_config_registry: registry.url }
    const first = parseJson<Added>(await plugins(['add', '@globex/im-iad-first@^1', '--json'], env))
    expect(first).toMatchObject({
      folder: managed(),
      packages: [
        { package: '@globex/im-iad-first', version: '1.0.0', previous: null, plugins: [{ kind: 'paradigm', id: 'im-iad-first' }] },
      ],
    })
    expect(existsSync(managed('node_modules', '@im-iad', 'core', 'package.json'))).toBe(true)
    expect((await plugins(['add', '@globex/im-iad-first'], env)).stdout).toContain('@1.0.0 was there already')
    const latest = await plugins(['add', '@globex/im-iad-first@latest'], env)
    expect(latest.stdout).toContain('changed @globex/im-iad-first from 1.0.0 to 2.0.0')
  })

  it('links a folder, so that what is changed there counts at once', async () => {
    await writePackage(join(root, 'mine'), { name: 'mine' })
    expect((await plugins(['add', './mine'])).code).toBe(0)
    await writePackage(join(root, 'mine'), { name: 'mine', imIad: announce('renamed') })
    expect(await listed()).toContain('renamed')
  })

  it('runs no script of a package', async () => {
    const proof = join(root, 'script-ran')
    const script = `node -e "require('fs').writeFileSync(${JSON.stringify(proof).replaceAll('"', "'")}, '')"`
    await plugins([
      'add',
      await tarball({ name: 'scripted', manifest: { scripts: { install: script, postinstall: script, preinstall: script } } }),
    ])
    expect(await listed()).toContain('scripted')
    expect(existsSync(proof)).toBe(false)
  })

  it('is not led astray by settings that npx and npm run hand down', async () => {
    const env = {
      npm_config_global: 'true',
      npm_config_location: 'global',
      npm_config_legacy_peer_deps: 'true',
      npm_config_prefix: join(root, 'elsewhere'),
    }
    expect((await plugins(['add', await tarball(GOOD)], env)).code).toBe(0)
    expect(existsSync(managed('node_modules', 'im-iad-paradigm-good'))).toBe(true)
  })

  it('takes back what provides no plugins, and leaves the rest as it was', async () => {
    await plugins(['add', await tarball(GOOD)])
    const before = await readFile(managed('package.json'), 'utf8')
    const outcome = await plugins(['add', await tarball({ name: 'bad', imIad: null })])
    expect(outcome.stderr).toContain('bad@1.0.0 cannot be added; nothing was changed [IM_IAD_E_NO_PLUGINS]')
    expect(outcome.code).toBe(2)
    expect(await readFile(managed('package.json'), 'utf8')).toBe(before)
    expect(existsSync(managed('node_modules', 'bad'))).toBe(false)
    expect(await listed()).toContain('im-iad-paradigm-good')
  })

  it.each<[string, PackageDescription, string, string]>([
    ['speaks another contract', { name: 'bad', imIad: { contract: 2, provides: [] } }, 'IM_IAD_E_CONTRACT', 'it speaks contract 2'],
    [
      'lacks its entry',
      { name: 'bad', imIad: { contract: 1, provides: [{ kind: 'metric', id: 'x', entry: './gone.js' }] } },
      'IM_IAD_E_ENTRY',
      'does not exist',
    ],
  ])('refuses a folder that %s, before npm is started', async (_name, description, code, problem) => {
    await writePackage(join(root, 'bad'), description)
    const outcome = await plugins(['add', './bad'], { PATH: '' })
    expect(outcome.stderr).toContain(`bad@1.0.0 cannot be added; nothing was changed [${code}]`)
    expect(outcome.stderr).toContain(problem)
    expect(outcome.code).toBe(2)
  })

  it('leaves nothing behind where nothing was', async () => {
    await plugins(['add', await tarball({ name: 'bad', imIad: null })])
    expect(existsSync(managed('package.json'))).toBe(false)
    expect(existsSync(managed('node_modules'))).toBe(false)
  })

  it('refuses a linked folder that would not find @im-iad/core, before npm is started', async () => {
    await writePackage(join(root, 'mine'), { name: 'mine', manifest: { peerDependencies: { '@im-iad/core': '^1.0.0' } } })
    const { stderr } = await plugins(['add', './mine'], { PATH: '' })
    expect(stderr).toContain('it needs @im-iad/core, which is not installed where it looks for it')
    expect(stderr).toContain(`run "npm install" in ${join(root, 'mine')}`)
  })

  it.each([
    ['an unknown package', 'im-iad-algo-nowhere', 'npm says E404: Not Found'],
    ['a version that was never published', '@globex/im-iad-first@^7', 'npm says ETARGET: No matching version found'],
  ])("says npm's reason for %s in one line", async (_name, request, reason) => {
    const { stderr, code } = await plugins(['add', request], { npm_config_registry: registry.url })
    expect(stderr).toContain(`problem: ${reason}`)
    expect(stderr.trim().split('\n')).toHaveLength(5)
    expect(code).toBe(2)
    expect(existsSync(managed('package.json'))).toBe(false)
  })

  it('says that there is no network', async () => {
    const { stderr, code } = await plugins(['add', 'im-iad-algo-nowhere'])
    expect(stderr).toMatch(/problem: npm says ECONNREFUSED: .*127\.0\.0\.1:9/)
    expect(stderr).toContain('npm config get registry')
    expect(code).toBe(2)
  })

  it('says which versions do not fit together', async () => {
    const [one, two] = await Promise.all([
      tarball({ name: 'im-iad-one', manifest: { peerDependencies: { 'im-iad-two': '^2.0.0' } } }),
      tarball({ name: 'im-iad-two' }),
    ])
    const { stderr } = await plugins(['add', one, two])
    expect(stderr).toMatch(/npm says ERESOLVE: .*im-iad-two@"\^2\.0\.0" from im-iad-one@1\.0\.0/)
  })

  it('stops on Ctrl-C with everything as it was', async () => {
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const env = { IM_IAD_HOME: home, npm_config_registry: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/` }
    const asked = new Promise<void>((resolve) => silent.once('connection', () => resolve()))
    const outcome = await imIad(['plugins', 'add', 'im-iad-algo-nowhere'], {
      cwd: root,
      env,
      onStart: (child) => void asked.then(() => child.kill('SIGINT')),
    })
    silent.close()
    expect(outcome.stderr).toContain('interrupted')
    expect(outcome.code).toBe(130)
    expect(existsSync(managed('package.json'))).toBe(false)
  })

  it.each([
    ['a git repository', 'globex/im-iad-first', 'a git repository'],
    ['an address', 'https://example.invalid/x.tgz', 'an address'],
    ['an absent folder', './nowhere', 'no such tarball, or folder'],
    ['an absent tarball', 'nowhere.tgz', 'no such tarball, or folder'],
    ['no package name', 'Not A Name', 'Invalid'],
  ])('refuses %s before npm is started', async (_name, request, problem) => {
    const { stderr, code } = await plugins(['add', request], { PATH: '' })
    expect(stderr).toContain('IM_IAD_E_PLUGIN_REQUEST')
    expect(stderr).toContain(problem)
    expect(code).toBe(2)
  })

  it('says when there is no npm, no place to write, or a damaged folder', async () => {
    expect((await plugins(['add', await tarball(GOOD)], { PATH: '' })).stderr).toContain('cannot start npm')
    await writeFile(join(root, 'file'), '')
    expect((await plugins(['add', await tarball(GOOD)], { IM_IAD_HOME: join(root, 'file') })).stderr).toContain('IM_IAD_E_PLUGIN_FOLDER')
    await mkdir(managed(), { recursive: true })
    await writeFile(managed('package.json'), '{')
    expect((await plugins(['add', await tarball(GOOD)])).stderr).toContain('package.json is no JSON')
  })

  it('tells of a nearer copy that is used instead', async () => {
    await writePackage(join(root, 'node_modules', 'im-iad-paradigm-good'), { ...GOOD, version: '3.0.0' })
    await writeFile(join(root, 'package.json'), JSON.stringify({ dependencies: { 'im-iad-paradigm-good': '*' } }))
    const { stderr } = await plugins(['add', await tarball(GOOD)])
    expect(stderr).toContain('IM_IAD_E_SHADOWED')
    expect(stderr).toContain(join(root, 'node_modules', 'im-iad-paradigm-good'))
  })

  it('works for a plugin that is then run', async () => {
    const failing = { name: 'im-iad-failing', entry: paradigm('im-iad-failing') }
    await plugins(['add', await tarball(failing)])
    const { stderr } = await imIad(['run', '-d', 'synthetic', '-a', 'padim', '-p', 'im-iad-failing', '--budget', 'smoke'], {
      env: { IM_IAD_HOME: home },
    })
    expect(stderr).toContain('failed: Error: not to be run')
  })
})

describe('im-iad plugins remove', () => {
  it('removes what was added; what is not there is only told', async () => {
    await plugins(['add', await tarball(GOOD)])
    const first = await plugins(['remove', 'im-iad-paradigm-good'])
    expect(first).toMatchObject({ code: 0, stdout: 'removed im-iad-paradigm-good\n' })
    expect(existsSync(managed('node_modules', 'im-iad-paradigm-good'))).toBe(false)
    expect(await listed()).not.toContain('im-iad-paradigm-good')
    const second = await plugins(['remove', 'im-iad-paradigm-good', '--json'])
    expect(parseJson<object>(second)).toEqual({ schema: 1, folder: managed(), removed: [], absent: ['im-iad-paradigm-good'] })
    expect(second.code).toBe(0)
  })

  it('names what was meant, and where a package was declared that was not added', async () => {
    await plugins(['add', await tarball(GOOD)])
    expect((await plugins(['remove', 'im-iad-paradigm-god'])).stderr).toContain('did you mean "im-iad-paradigm-good"?')
    const declared = await plugins(['remove', '@im-iad/algo-padim'])
    expect(declared.stderr).toMatch(/was declared by .*package\.json; remove it there/)
    expect(dirname(managed())).toBe(home)
  })
})
