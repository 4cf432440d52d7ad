import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'

/** A version that a registry has. */
export interface PublishedPackage {
  readonly manifest: { readonly name: string; readonly version: string }
  readonly tarball: string
}

export interface TestRegistry {
  readonly url: string
  readonly close: () => Promise<void>
}

/** The two answers of an npm registry that installing needs: a package's versions, and a tarball. */
export async function openRegistry(published: readonly PublishedPackage[]): Promise<TestRegistry> {
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1)
    const send = (status: number, body: string | Uint8Array): void => void response.writeHead(status).end(body)
    const tarball = published.find((one) => path === `-/${basename(one.tarball)}`)
    if (tarball !== undefined) return void readFile(tarball.tarball).then((bytes) => send(200, bytes))
    const versions = published.filter((one) => one.manifest.name === path)
    if (versions.length === 0) return send(404, '{}')
    return void document(versions, urlOf(server)).then((text) => send(200, text))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: urlOf(server), close: () => new Promise((resolve) => server.close(() => resolve())) }
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

async function document(published: readonly PublishedPackage[], url: string): Promise<string> {
  const versions = await Promise.all(
    published.map(async ({ manifest, tarball }) => {
      const integrity = `sha512-${createHash('sha512')
        .update(await readFile(tarball))
        .digest('base64')}`
      return [manifest.version, { ...manifest, dist: { tarball: `${url}-/${basename(tarball)}`, integrity } }] as const
    }),
  )
  return JSON.stringify({
    name: published[0]?.manifest.name,
    'dist-tags': { latest: versions.at(-1)?.[0] },
    versions: Object.fromEntries(versions),
  })
}
