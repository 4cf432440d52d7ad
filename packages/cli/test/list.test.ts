import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { imIad, parseJson, temporaryFolder, TOY_PLUGINS } from './support/im-iad.ts'

interface Listed {
  readonly schema: number
  readonly plugins: readonly { readonly kind: string; readonly id: string; readonly package: string; readonly path: string }[]
  readonly problems: readonly unknown[]
}

describe('im-iad list', () => {
  it("finds this workspace's plugins from any folder", async () => {
    const { plugins, problems, schema } = parseJson<Listed>(await imIad(['list', '--json']))
    const ids = plugins.map((plugin) => `${plugin.kind} ${plugin.id}`)
    expect(schema).toBe(1)
    expect(problems).toEqual([])
    for (const id of [
      'dataset mtd',
      'dataset folder',
      'dataset synthetic',
      'algorithm patchcore',
      'algorithm padim',
      'paradigm unsupervised',
      'backbone embedded',
      'backbone onnx',
      'metric pixel.aupro',
    ])
      expect(ids).toContain(id)
  })

  it('lists one kind, and a plugin that --plugin names', async () => {
    const { stdout, code } = await imIad(['list', 'algorithms', '--plugin', TOY_PLUGINS])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^algorithms\n/)
    expect(stdout).toContain('toy-mean        toy-plugins@1.2.3')
    expect(stdout).not.toContain('datasets')
  })

  it('loads neither onnxruntime, sharp nor tfjs, and imports no plugin', async () => {
    const log = join(await temporaryFolder(), 'modules.txt')
    const hook = pathToFileURL(fileURLToPath(new URL('support/log-resolutions.mjs', import.meta.url))).href
    const { code } = await imIad(['list'], { nodeFlags: ['--import', hook], env: { IM_IAD_TEST_LOG: log } })
    const modules = (await readFile(log, 'utf8')).trim().split('\n')
    expect(code).toBe(0)
    expect(modules.some((url) => url.endsWith('/packages/core/dist/index.js'))).toBe(true)
    expect(
      modules.filter((url) =>
        /onnxruntime|\/sharp\/|tensorflow|undici|yauzl|\/(algo|datasets|paradigm|backbone)-[a-z]+\/dist|\/metrics\/dist/.test(url),
      ),
    ).toEqual([])
  })

  it('takes less than 300 ms of processor time', async () => {
    // Time on the wall depends on what else the machine does; `npm run bench -- list` measures it.
    const log = join(await temporaryFolder(), 'milliseconds.txt')
    const hook = `data:text/javascript,import{writeFileSync}from'node:fs';process.on('exit',()=>{const{user,system}=process.cpuUsage();writeFileSync(process.env.IM_IAD_TEST_LOG,String((user+system)/1000))})`
    await imIad(['list'], { nodeFlags: ['--import', hook], env: { IM_IAD_TEST_LOG: log } })
    expect(Number(await readFile(log, 'utf8'))).toBeLessThan(300)
  })

  it('names the nearest kind', async () => {
    const { code, stderr } = await imIad(['list', 'algoritms'])
    expect(code).toBe(2)
    expect(stderr).toContain('did you mean "algorithms"?')
  })
})

describe('im-iad info', () => {
  it("shows a plugin's facts and parameters", async () => {
    const { stdout, code } = await imIad(['info', 'patchcore'])
    expect(code).toBe(0)
    expect(stdout).toContain('algorithm patchcore')
    expect(stdout).toMatch(/coresetRatio\s+number, default/)
    expect(stdout).toContain('--set patchcore.NAME=VALUE')
  })

  it('prints every kind as one JSON document', async () => {
    for (const id of ['mtd', 'padim', 'unsupervised', 'image.auroc', 'embedded', 'onnx']) {
      const outcome = await imIad(['info', id, '--json'])
      expect(parseJson<{ id: string; revision: number }>(outcome)).toMatchObject({ id, schema: 1 })
    }
  })

  it('names the nearest id', async () => {
    const { code, stderr } = await imIad(['info', 'pachcore'])
    expect(code).toBe(2)
    expect(stderr).toContain('did you mean "patchcore"?')
  })
})

describe('im-iad plugins', () => {
  it('says where packages were found', async () => {
    const { stdout } = await imIad(['plugins', '--plugin', TOY_PLUGINS])
    expect(stdout).toContain(`found in  ${TOY_PLUGINS}`)
  })

  it('loads every plugin and shows every place searched', async () => {
    const { stdout, code } = await imIad(['plugins', 'doctor', '--plugin', TOY_PLUGINS])
    expect(stdout).toContain(`asked for: ${TOY_PLUGINS} (1 plugin package)`)
    expect(stdout).toMatch(/dependencies of the command: .*cli\/package\.json \(\d+ plugin packages\)/)
    expect(stdout).toContain('all load')
    expect(code).toBe(0)
  })
})

describe('im-iad doctor', () => {
  it('finds this machine well', async () => {
    const { stdout, code } = await imIad(['doctor'])
    expect(stdout).toMatch(/ok {7}onnxruntime-node/)
    expect(stdout).toMatch(/ok {7}sharp/)
    expect(stdout).toContain('tensor engines on cpu')
    expect(stdout).toMatch(/ok {7}\w+ +\d+ GFLOP\/s +.*, the default/)
    expect(stdout).toMatch(/ok {7}cpu +[\d.]+ GFLOP\/s +TensorFlow\.js 4/)
    expect(code).toBe(0)
  })

  it('says the same as JSON, on the device asked for', async () => {
    const { stdout, code } = await imIad(['doctor', '--device', 'cuda', '--json'])
    const { device, engines } = JSON.parse(stdout)
    expect(device).toBe('cuda')
    expect(engines).toContainEqual(
      expect.objectContaining({ engine: 'wasm', available: false, problem: expect.stringContaining('it computes on cpu') }),
    )
    expect(code).toBe(1)
  })
})
