import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Agent, MockAgent } from 'undici'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { pullFile, type PulledFile, type PullRequest } from '../src/weights/pull-file.ts'
import { downloadFile } from '../src/weights/download/download-file.ts'
import { partialFile } from '../src/weights/download/partial-file.ts'
import { temporaryFolder } from './support/im-iad.ts'
import { noise, sha256 } from './support/weights-plugin.ts'
import { sendFile, serve } from './support/weights-server.ts'

const CONTENT = noise(100_000)
const dispatcher = new Agent()
afterAll(() => dispatcher.destroy())

let folder: string
let notes: string[]
let pauses: number[]

beforeEach(async () => {
  folder = await temporaryFolder()
  notes = []
  pauses = []
})

function pull(url: string, change: Partial<PullRequest> = {}): Promise<PulledFile> {
  return pullFile({
    folder,
    file: 'toy.safetensors',
    sha256: sha256(CONTENT),
    size: null,
    url: new URL(url),
    dispatcher,
    signal: new AbortController().signal,
    stallMilliseconds: 5000,
    onProgress: () => undefined,
    onNote: (line) => notes.push(line),
    sleep: (milliseconds) => {
      pauses.push(milliseconds)
      return Promise.resolve()
    },
    ...change,
  })
}

/** Whole and right, with nothing left over. */
async function expectPlaced(): Promise<void> {
  expect((await readdir(folder)).sort()).toEqual(['toy.safetensors', 'toy.safetensors.origin.json'])
  expect((await readFile(join(folder, 'toy.safetensors'))).equals(CONTENT)).toBe(true)
}

/** Nothing under the file's own name. */
async function expectNotPlaced(): Promise<void> {
  expect((await readdir(folder)).filter((name) => !name.includes('.partial'))).toEqual([])
}

describe('a download', () => {
  it('comes whole, and is not made again', async () => {
    const server = await serve((request, response) => sendFile(request, response, CONTENT))
    expect(await pull(`${server.url}/a?signature=secret`)).toMatchObject({ status: 'pulled', size: CONTENT.length })
    await expectPlaced()
    expect(await readFile(join(folder, 'toy.safetensors.origin.json'), 'utf8')).not.toContain('secret')
    expect(await pull(`${server.url}/a`)).toMatchObject({ status: 'present' })
    expect(server.seen).toHaveLength(1)
  })

  it('replaces a damaged file only once the right one is here', async () => {
    await writeFile(join(folder, 'toy.safetensors'), 'damaged')
    const broken = await serve((_request, response) => response.writeHead(404).end())
    await expect(pull(broken.url)).rejects.toThrow('the server answered 404')
    expect(await readFile(join(folder, 'toy.safetensors'), 'utf8')).toBe('damaged')
    const server = await serve((request, response) => sendFile(request, response, CONTENT))
    await pull(server.url)
    await expectPlaced()
    expect(notes.join()).toContain('is not the published file')
  })

  it('goes on where the connection was dropped, at every tenth of the file', async () => {
    const server = await serve((request, response) => sendFile(request, response, CONTENT, { etag: '"1"', dropAfter: 10_000 }))
    await pull(server.url)
    await expectPlaced()
    expect(server.seen.length).toBeGreaterThanOrEqual(10)
    // A try may bring nothing when the machine is busy: what was not read before the connection broke is lost.
    expect(server.seen).toContainEqual(expect.objectContaining({ range: 'bytes=50000-', ifRange: '"1"' }))
  })

  it('goes on where an earlier command stopped', async () => {
    const server = await serve((request, response, attempt) =>
      sendFile(request, response, CONTENT, {
        lastModified: 'Wed, 21 Oct 2015 07:28:00 GMT',
        ...(attempt === 0 ? { stallAfter: 40_000 } : {}),
      }),
    )
    const interruption = new AbortController()
    const onProgress = (bytes: number): void => {
      if (bytes >= 40_000) interruption.abort(new Error('interrupted'))
    }
    await expect(pull(server.url, { signal: interruption.signal, onProgress })).rejects.toThrow('interrupted')
    await expectNotPlaced()
    await pull(server.url)
    await expectPlaced()
    expect(server.seen[1]).toMatchObject({ range: 'bytes=40000-', ifRange: 'Wed, 21 Oct 2015 07:28:00 GMT' })
  })

  it('tries again when nothing comes any more, or nothing at all', async () => {
    const server = await serve((request, response, attempt) => {
      if (attempt > 0) sendFile(request, response, CONTENT, attempt === 1 ? { stallAfter: 30_000 } : {})
    })
    await pull(server.url, { stallMilliseconds: 300 })
    await expectPlaced()
    expect(notes.filter((note) => note.startsWith('nothing came for 0.3 s'))).toHaveLength(2)
  })

  it('starts anew where the server ignores ranges', async () => {
    const server = await serve((request, response, attempt) =>
      sendFile(request, response, CONTENT, { ignoreRange: true, ...(attempt < 2 ? { dropAfter: 20_000 + attempt } : {}) }),
    )
    await pull(server.url)
    await expectPlaced()
  })

  it('starts anew when the file has changed between tries', async () => {
    const old = noise(100_000, 7)
    const server = await serve((request, response, attempt) =>
      attempt === 0
        ? sendFile(request, response, old, { etag: '"old"', dropAfter: 50_000 })
        : sendFile(request, response, CONTENT, { etag: '"new"' }),
    )
    await pull(server.url)
    await expectPlaced()
    expect(server.seen).toHaveLength(2)
  })

  it('starts anew when the server does not say that the file has changed', async () => {
    const old = noise(100_000, 7)
    const server = await serve((request, response, attempt) =>
      attempt === 0 ? sendFile(request, response, old, { dropAfter: 50_000 }) : sendFile(request, response, CONTENT),
    )
    await pull(server.url)
    await expectPlaced()
    expect(notes.join()).toContain('the pieces do not fit together')
    expect(server.seen.map(({ range }) => range)).toEqual([undefined, 'bytes=50000-', undefined])
  })

  it('starts anew when the file has become shorter, or another part comes than was asked for', async () => {
    const server = await serve((request, response, attempt) => {
      if (attempt === 0) sendFile(request, response, noise(200_000), { dropAfter: 150_000 })
      else if (attempt === 2) sendFile(request, response, CONTENT, { dropAfter: 10_000 })
      else if (attempt === 3) response.writeHead(206, { 'content-range': 'bytes 5-9/100000', 'content-length': 5 }).end('xxxxx')
      else sendFile(request, response, CONTENT)
    })
    await pull(server.url)
    await expectPlaced()
    expect(notes.join()).toContain('no such part')
    expect(notes.join()).toContain('another part than was asked for')
  })

  it('waits as long as the server asks for, and no longer than is sensible', async () => {
    const server = await serve((request, response, attempt) => {
      if (attempt === 0) response.writeHead(429, { 'retry-after': '7' }).end()
      else if (attempt === 1) response.writeHead(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).end()
      else if (attempt === 2) response.writeHead(500).end()
      else sendFile(request, response, CONTENT)
    })
    await pull(server.url)
    await expectPlaced()
    expect(pauses[0]).toBe(7000)
    expect(pauses[1]).toBeGreaterThan(50_000)
    expect(pauses[2]).toBeLessThan(10_000)
    const rude = await serve((_request, response) => response.writeHead(429, { 'retry-after': '86400' }).end())
    await expect(pull(rude.url, { file: 'other' })).rejects.toThrow('the server answered 429')
  })

  it('follows redirects, and keeps a password to the host that it is for', async () => {
    const hub = await serve((request, response) => sendFile(request, response, CONTENT))
    const server = await serve((request, response) =>
      request.url === '/a'
        ? response.writeHead(302, { location: '/b' }).end()
        : response.writeHead(307, { location: `${hub.url}/c` }).end(),
    )
    await pull(`${server.url.replace('//', '//user:pass%20word@')}/a`)
    await expectPlaced()
    expect(server.seen.map(({ authorization }) => authorization)).toEqual(Array(2).fill(`Basic ${btoa('user:pass word')}`))
    expect(hub.seen).toMatchObject([{ url: '/c', authorization: undefined }])
  })

  it('is made once when two commands want it at the same time', async () => {
    const server = await serve((request, response) => void setTimeout(() => sendFile(request, response, CONTENT), 300))
    const both = await Promise.all([pull(server.url), pull(server.url)])
    expect(both.map(({ status }) => status).sort()).toEqual(['present', 'pulled'])
    expect(server.seen).toHaveLength(1)
    await expectPlaced()
  })

  it('takes over the lock of a process that is gone', async () => {
    const gone = { pid: 2 ** 22 + 12345, host: hostname(), since: new Date().toISOString() }
    await writeFile(join(folder, 'toy.safetensors.lock'), JSON.stringify(gone))
    const server = await serve((request, response) => sendFile(request, response, CONTENT))
    await pull(server.url)
    await expectPlaced()
  })
})

describe('a download that must fail', () => {
  const redirectTo =
    (location: (url: string) => string) =>
    (url: string): Readonly<Record<string, string>> => ({ location: location(url) })

  it.each([
    ['to a file', redirectTo(() => 'file:///etc/passwd'), 'it redirects to "file:///etc/passwd", which is neither http nor https'],
    ['to data', redirectTo(() => 'data:text/plain,x'), 'neither http nor https'],
    ['to nonsense', redirectTo(() => 'http://['), 'neither http nor https'],
    ['to itself', redirectTo(() => '/'), 'it redirects in a circle'],
    ['on and on', redirectTo((url) => `${url}x`), 'it redirects more than 10 times'],
  ])('does not follow redirects %s', async (_name, headers, message) => {
    const server = await serve((request, response) => response.writeHead(302, headers(request.url ?? '')).end())
    await expect(pull(`${server.url}/`)).rejects.toThrow(message)
    await expectNotPlaced()
  })

  it('does not follow a redirect from https to http', async () => {
    const mock = new MockAgent()
    mock.disableNetConnect()
    const answer = mock.get('https://hub.example').intercept({ path: '/a' })
    answer.reply(302, '', { headers: { location: 'http://hub.example/a' } })
    await expect(pull('https://hub.example/a', { dispatcher: mock })).rejects.toThrow(
      'it redirects from https to http: http://hub.example/a',
    )
    await expectNotPlaced()
  })

  it('throws wrong bytes away, and says both hashes', async () => {
    const wrong = noise(100_000, 9)
    const server = await serve((request, response) => sendFile(request, response, wrong))
    await expect(pull(server.url)).rejects.toThrow(`its SHA-256 is ${sha256(wrong)}, published is ${sha256(CONTENT)}`)
    expect(await readdir(folder)).toEqual([])
    expect(server.seen).toHaveLength(1)
  })

  it.each([
    [401, 'sign in as https://USER:PASSWORD@HOST'],
    [403, 'the server answered 403'],
    [404, 'check the URL'],
    [410, 'the server answered 410'],
  ])('does not try again after %i', async (status, message) => {
    const server = await serve((_request, response) => response.writeHead(status).end('<html>'))
    await expect(pull(server.url)).rejects.toThrow(message)
    expect(server.seen).toHaveLength(1)
  })

  it('gives up on a server that always breaks down, with growing pauses', async () => {
    const server = await serve((_request, response) => response.writeHead(500).end())
    await expect(pull(server.url)).rejects.toThrow(/the server answered 500, 6 times in a row[^]*goes on where it stopped/)
    expect(pauses).toHaveLength(5)
    expect(pauses[4]).toBeGreaterThan((pauses[0] ?? 0) * 5)
  })

  it('gives up on a truncated file that never gets longer, and keeps what came', async () => {
    const server = await serve((request, response) => sendFile(request, response, CONTENT.subarray(0, 0), { ignoreRange: true }))
    await expect(pull(server.url)).rejects.toThrow('not what was published')
    const dropping = await serve((request, response) => sendFile(request, response, CONTENT, { ignoreRange: true, dropAfter: 30_000 }))
    await expect(pull(dropping.url)).rejects.toThrow('6 times in a row')
    expect((await stat(join(folder, 'toy.safetensors.partial'))).size).toBe(30_000)
    await expectNotPlaced()
  })

  it('gives up where nobody listens', async () => {
    const server = await serve(() => undefined)
    const { port } = new URL(server.url)
    await expect(pull(`http://127.0.0.1:${Number(port) === 1 ? 2 : 1}/`)).rejects.toThrow(/ECONNREFUSED|bad port/)
  })

  it('does not take another size than was published, nor an answer that was compressed', async () => {
    const page = await serve((_request, response) => response.end('<html>sign in</html>'))
    await expect(pull(page.url, { size: CONTENT.length })).rejects.toThrow(
      /it offers a file of 20 bytes; the published one has 100000[^]*signing in/,
    )
    const compressed = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'))
    await expect(pull(compressed.url)).rejects.toThrow('the server sends it as gzip')
    await expectNotPlaced()
  })

  it('asks for room before it begins', async () => {
    const server = await serve((_request, response) => void response.writeHead(200, { 'content-length': String(2 ** 52) }).write('x'))
    await expect(pull(server.url)).rejects.toThrow(
      /no space left for the weights[^]*are needed, [^]* are free[^]*IM_IAD_HOME to a folder on another disk/,
    )
    await expectNotPlaced()
  })

  it('says so when the disk fills up on the way', async () => {
    const server = await serve((request, response) => sendFile(request, response, CONTENT))
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    const partial = {
      ...partialFile(join(folder, 'x.partial')),
      openAt: () => Promise.resolve({ write: () => Promise.reject(full), close: () => Promise.resolve() }),
    }
    const request = {
      url: new URL(server.url),
      partial,
      size: null,
      dispatcher,
      signal: new AbortController().signal,
      stallMilliseconds: 5000,
      onProgress: () => undefined,
      onNote: () => undefined,
    }
    await expect(downloadFile(request)).rejects.toThrow(
      /no space left for the weights \[IM_IAD_E_DISK_FULL\][^]*make room and run the same command again/,
    )
  })
})
