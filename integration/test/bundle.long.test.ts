import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { bitmap } from '../support/bitmap.ts'
import { emptyFolder, INSTALLED, outside, SHORT_RUN, watchedEnvironment, type ListDocument, type RunDocument } from '../support/consumer.ts'
import { strangersEnvironment } from '../support/package-tools.ts'
import { parseJson, runProgram, type Outcome } from '../support/run-program.ts'
import { ROOT } from '../support/workspace.ts'

const sandbox = inject('sandbox')
const stranger = strangersEnvironment(sandbox)

interface BundleDocument {
  readonly file: string
  /** The folder inside the archive. */
  readonly folder: string
  readonly bytes: number
  readonly unpackedBytes: number
  readonly sha256: string
  readonly requested: readonly string[]
  readonly packages: readonly { readonly name: string; readonly integrity: string | null }[]
}

/** Native libraries and programs in an archive, by their endings, without the bundle's own folder. */
async function binariesIn(file: string): Promise<readonly string[]> {
  const { stdout } = await runProgram('tar', ['-tzf', file], { cwd: sandbox.directory, env: stranger })
  const paths = stdout.split('\n').filter((path) => /\.(node|bare|dll|dylib|exe|so)$|\.so\.[\d.]+$/.test(path))
  return paths.map((path) => path.replace(/^.*?\/node_modules\//, ''))
}

/** What the list of binaries has to be made of, for a platform. */
function expectBinaries(paths: readonly string[], [os, cpu]: readonly [string, string]): void {
  const platform = `${os}-${cpu}`
  const places = [`@img/sharp-${platform}/`, `@img/sharp-libvips-${platform}/`, `onnxruntime-node/bin/napi-v6/${os}/${cpu}/`]
  expect(paths.filter((path) => !places.some((place) => path.startsWith(place)))).toEqual([])
  expect(paths).toContainEqual(expect.stringMatching(new RegExp(`^@img/sharp-${platform}/lib/sharp-${platform}.*\\.node$`)))
  expect(paths).toContain(`onnxruntime-node/bin/napi-v6/${os}/${cpu}/onnxruntime_binding.node`)
  expect(paths).toContainEqual(expect.stringMatching(/libvips/))
  expect(paths).toContainEqual(expect.stringMatching(/\/(lib)?onnxruntime[.\d]*\.(dll|dylib|so)/))
}

describe('bundles from the checkout, for other systems', () => {
  it.each([['win32', 'x64'] as const, ['darwin', 'arm64'] as const])('%s-%s: its binaries and no others', async (os, cpu) => {
    const folder = await emptyFolder(sandbox, 'checkout-bundle')
    const command = [
      join(ROOT, 'packages', 'cli', 'bin', 'im-iad.js'),
      'bundle',
      '--platform',
      `${os}-${cpu}`,
      '--json',
      'patchcore',
      'unsupervised',
    ]
    const made = parseJson<BundleDocument>(await runProgram(process.execPath, command, { cwd: folder, env: stranger }))
    expect(made.requested).toEqual(['@im-iad/algo-patchcore', '@im-iad/cli', '@im-iad/paradigm-unsupervised'])
    expectBinaries(await binariesIn(made.file), [os, cpu])
    const names = made.packages.map(({ name }) => name)
    expect(names).toContain('@im-iad/core')
    expect(names.filter((name) => /^(vitest|typescript|@im-iad\/algo-padim)$/.test(name))).toEqual([])
    process.stderr.write(`${os}-${cpu}: ${(made.bytes / 1e6).toFixed(1)} MB, ${(made.unpackedBytes / 1e6).toFixed(1)} MB unpacked\n`)
  })
})

/** Why nothing can be run without a network here; `null` when it can. */
const whyNoNamespace = ((): string | null => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'this machine is not linux-x64, which the bundle is for'
  const { status, error, stderr } = spawnSync('unshare', ['-rn', 'true'], { encoding: 'utf8' })
  return status === 0 ? null : `unshare -rn is not permitted here: ${error?.message ?? stderr.trim()}`
})()

describe.skipIf(whyNoNamespace !== null)(
  `a bundle where no network is up${whyNoNamespace === null ? '' : ` (skipped: ${whyNoNamespace})`}`,
  () => {
    let made: readonly [BundleDocument, BundleDocument]
    let bundle: string
    let folder: string
    let environment: NodeJS.ProcessEnv
    let loaded: () => readonly string[]

    /** Runs a program in a network namespace of its own, in which not even the loopback interface is up. */
    const offline = (program: string, ...parameters: readonly string[]): Promise<Outcome> =>
      runProgram('unshare', ['-rn', program, ...parameters], { cwd: folder, env: environment })

    const imIad = (...parameters: readonly string[]): Promise<Outcome> => offline(join(bundle, 'bin', 'im-iad'), ...parameters)

    beforeAll(async () => {
      const project = await emptyFolder(sandbox, 'bundling')
      await writeFile(join(project, 'package.json'), '{ "private": true }')
      await runProgram('npm', ['install', ...INSTALLED, '@im-iad/algo-patchcore', '@im-iad/datasets-folder'], {
        cwd: project,
        env: stranger,
      })
      const home = await emptyFolder(sandbox, 'home')
      await mkdir(join(home, 'weights'))
      await writeFile(join(home, 'weights', 'mine.onnx'), 'weights')
      const make = async (file: string): Promise<BundleDocument> => {
        const command = ['bundle', '--platform', 'linux-x64', '--weights', 'mine.onnx', '--out', file, '--json']
        const env = { ...stranger, IM_IAD_HOME: home }
        return parseJson<BundleDocument>(await runProgram(join(project, 'node_modules', '.bin', 'im-iad'), command, { cwd: project, env }))
      }
      const first = await make('first.tgz')
      made = [first, await make('second.tgz')]

      folder = await emptyFolder(sandbox, 'offline')
      const unpacked = await emptyFolder(sandbox, 'unpacked')
      await runProgram('tar', ['-xzf', first.file, '-C', unpacked], { cwd: folder, env: stranger })
      bundle = join(unpacked, first.folder)
      const watched = await watchedEnvironment(sandbox)
      loaded = watched.loaded
      const { npm_config_registry: _registry, IM_IAD_HOME: _home, ...env } = watched.env
      environment = env
    })

    it('is the same bytes twice, all of it from the registry, for this platform only', async () => {
      const [first, second] = made
      expect(second.sha256).toBe(first.sha256)
      expect(first.packages.filter(({ integrity }) => integrity === null)).toEqual([])
      expectBinaries(await binariesIn(first.file), ['linux', 'x64'])
    })

    it('has no way to the registry', async () => {
      await expect(offline('node', '-e', 'fetch(process.argv[1])', sandbox.registry)).rejects.toThrow('ENETUNREACH')
    })

    it('is checked and found to work', async () => {
      const { stdout } = await offline('node', join(bundle, 'install.mjs'))
      expect(stdout).toContain('files are as they were packed')
      expect(stdout).toContain('im-iad is ready')
      expect(stdout).not.toContain('problem')
      expect((await imIad('weights', 'list')).stdout).toContain('mine.onnx  cached')
    })

    it('lists and runs, and loads nothing from elsewhere', async () => {
      const { plugins, problems } = parseJson<ListDocument>(await imIad('list', '--json'))
      expect(problems).toEqual([])
      expect(plugins.map(({ id }) => id)).toEqual(expect.arrayContaining(['synthetic', 'patchcore', 'unsupervised', 'colour-distance']))
      const parameters = SHORT_RUN.map((word) => word.replace('colour-distance,padim', 'colour-distance,patchcore'))
      const { experiments } = parseJson<RunDocument>(await imIad(...parameters))
      expect(experiments.map(({ algorithm, status }) => `${algorithm} ${status}`).toSorted()).toEqual([
        'colour-distance done',
        'patchcore done',
      ])
      const files = loaded()
      expect(files.some((file) => file.endsWith('onnxruntime_binding.node'))).toBe(true)
      expect(outside(bundle, files)).toEqual([])
    })

    it('decides on a folder of pictures', async () => {
      for (const [kind, count] of [
        ['good', 24],
        ['bad', 4],
      ] as const) {
        await mkdir(join(folder, 'parts', kind), { recursive: true })
        for (let index = 0; index < count; index++)
          await writeFile(join(folder, 'parts', kind, `${index}.bmp`), bitmap(index + (kind === 'bad' ? 100 : 0), kind === 'bad'))
      }
      const tried = parseJson<{ readonly algorithm: string; readonly model: string }>(
        await imIad('try', 'parts', '-a', 'patchcore', '--budget', 'smoke', '--out', 'tried', '--json'),
      )
      expect(tried.algorithm).toBe('patchcore')
      const { stdout } = await imIad('predict', tried.model, join('parts', 'bad'), '--maps', 'maps')
      const [header, ...rows] = stdout.trim().split('\n')
      expect(header).toBe('path,score,decision')
      expect(rows).toHaveLength(4)
      for (const row of rows) expect(row).toMatch(/\.bmp,[\d.e-]+,(good|anomalous)$/)
      expect(outside(bundle, loaded())).toEqual([])
    })
  },
)
