import type { Dispatcher } from 'undici'
import { downloadFailed } from '../errors.ts'
import { shownUrl, urlOrNull } from '../download-url.ts'

export interface Response {
  readonly url: URL
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Dispatcher.ResponseData['body']
}

export interface GetRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly dispatcher: Dispatcher
  readonly signal: AbortSignal
}

const REDIRECTS = [301, 302, 303, 307, 308]
const REDIRECT_LIMIT = 10

/**
 * GET, following redirects to http and https only, at most ten, never in a circle, and never from https to http.
 * A user name and password in the URL are sent to that host alone.
 * @throws ImIadError IM_IAD_E_DOWNLOAD for a redirect that is not followed; undici's error when the connection fails
 */
export async function get({ url: start, headers, dispatcher, signal }: GetRequest): Promise<Response> {
  const { request } = await import('undici')
  const seen = new Set<string>()
  let url = start
  for (;;) {
    seen.add(url.href)
    const {
      statusCode,
      headers: received,
      body,
    } = await request(withoutCredentials(url), {
      dispatcher,
      signal,
      headers: { ...headers, ...authorization(url.host === start.host ? start : url) },
      // The caller watches over the time.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    const single = Object.fromEntries(Object.entries(received).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]))
    const { location } = single
    if (!REDIRECTS.includes(statusCode) || location === undefined) return { url, status: statusCode, headers: single, body }
    await body.dump()
    url = allowed(urlOrNull(location, url), url, location, seen)
  }
}

function allowed(next: URL | null, from: URL, location: string, seen: ReadonlySet<string>): URL {
  const refuse = (problem: string): never => {
    throw downloadFailed(shownUrl(from), problem, 'give another place with --from URL or IM_IAD_WEIGHTS_MIRROR')
  }
  if (next === null || (next.protocol !== 'http:' && next.protocol !== 'https:'))
    return refuse(`it redirects to ${JSON.stringify(location.slice(0, 200))}, which is neither http nor https`)
  if (from.protocol === 'https:' && next.protocol === 'http:') return refuse(`it redirects from https to http: ${shownUrl(next)}`)
  if (seen.has(next.href)) return refuse(`it redirects in a circle, back to ${shownUrl(next)}`)
  if (seen.size > REDIRECT_LIMIT) return refuse(`it redirects more than ${REDIRECT_LIMIT} times`)
  return next
}

function withoutCredentials(url: URL): URL {
  const plain = new URL(url)
  plain.username = ''
  plain.password = ''
  return plain
}

function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}
