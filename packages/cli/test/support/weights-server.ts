import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** What a request asked for, as the server saw it. */
export interface SeenRequest {
  readonly url: string
  readonly range: string | undefined
  readonly ifRange: string | undefined
  readonly authorization: string | undefined
}

export interface WeightsServer {
  readonly url: string
  readonly seen: readonly SeenRequest[]
}

/** How one request is answered; `attempt` counts from 0. */
export type Answer = (request: IncomingMessage, response: ServerResponse, attempt: number) => void

/** A server on this machine's loopback for the length of a test. */
export async function serve(answer: Answer): Promise<WeightsServer> {
  const seen: SeenRequest[] = []
  const server = createServer((request, response) => {
    const { range, authorization } = request.headers
    const ifRange = request.headers['if-range']
    seen.push({ url: request.url ?? '', range, ifRange: Array.isArray(ifRange) ? ifRange[0] : ifRange, authorization })
    answer(request, response, seen.length - 1)
  })
  return { url: await listen(server), seen }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

export interface FileOptions {
  readonly etag?: string
  readonly lastModified?: string
  /** Answers 200 and all of it to everything. */
  readonly ignoreRange?: boolean
  /** Breaks the connection after so many bytes of the answer. */
  readonly dropAfter?: number
  /** Sends nothing more after so many bytes of the answer, and keeps the connection open. */
  readonly stallAfter?: number
}

/** Time for the bytes to be read before the connection breaks. */
const DROP_MILLISECONDS = 300

/** Serves a file as a good server does: Range, If-Range and ETag (RFC 9110, 13 and 14), with the faults that are asked for. */
export function sendFile(request: IncomingMessage, response: ServerResponse, content: Uint8Array, options: FileOptions = {}): void {
  const { etag, lastModified, ignoreRange = false, dropAfter, stallAfter } = options
  const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? []
  const condition = request.headers['if-range']
  const isFresh = condition === undefined || condition === etag || condition === lastModified
  const start = ignoreRange || from === undefined || !isFresh ? 0 : Number(from)
  if (start > 0 && start >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    return
  }
  const body = content.subarray(start)
  response.writeHead(start > 0 ? 206 : 200, {
    'content-length': body.length,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { 'last-modified': lastModified }),
    ...(start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {}),
  })
  const limit = dropAfter ?? stallAfter
  if (limit === undefined) response.end(body)
  else response.write(body.subarray(0, limit), () => dropAfter !== undefined && setTimeout(() => response.destroy(), DROP_MILLISECONDS))
}

/** A forward proxy that notes what goes through it: plain requests and tunnels. */
export async function serveProxy(): Promise<{ readonly url: string; readonly log: readonly string[] }> {
  const log: string[] = []
  const server = createServer((request, response) => {
    log.push(`${request.method} ${request.url}`)
    void fetch(request.url ?? '', { headers: { 'accept-encoding': 'identity' } }).then(async (answer) => {
      response.writeHead(answer.status, { 'content-length': answer.headers.get('content-length') ?? '' })
      response.end(new Uint8Array(await answer.arrayBuffer()))
    })
  })
  server.on('connect', (request, socket) => {
    log.push(`CONNECT ${request.url}`)
    const [host = '', port = ''] = (request.url ?? '').split(':')
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
  })
  return { url: await listen(server), log }
}
