import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isImIadError } from '@im-iad/core'
import type { Dispatcher } from 'undici'
import { diskFull, downloadFailed } from '../errors.ts'
import { shownUrl } from '../download-url.ts'
import { writingError } from '../weights-folder.ts'
import { get, type Response } from './follow-redirects.ts'
import type { PartialFile } from './partial-file.ts'
import { connectionFailure, retryAfter, TransientFailure } from './transient-failure.ts'
import { watchStalls } from './watch-stalls.ts'
import { offeredBytes, type Offer } from './offered-bytes.ts'

export interface DownloadRequest {
  readonly url: URL
  readonly partial: PartialFile
  /** As published, or `null`; a server that offers another is refused. */
  readonly size: number | null
  readonly dispatcher: Dispatcher
  readonly signal: AbortSignal
  readonly stallMilliseconds: number
  /** `total` is `null` where the server does not say. */
  readonly onProgress: (bytes: number, total: number | null) => void
  /** A line for people: that and why it is tried again. */
  readonly onNote: (line: string) => void
  /** For tests. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** Tries in a row that bring nothing new. */
const FRUITLESS_LIMIT = 5
const LONGEST_WAIT = 30_000
/** A server that asks for more is given up on, with its wish in the message. */
const PATIENCE = 120_000
/** Where nobody says how large the file is. */
const UNKNOWN_SIZE_LIMIT = 16e9

const ELSEWHERE = 'run the same command again: it goes on where it stopped; or give another place with --from URL or IM_IAD_WEIGHTS_MIRROR'

/**
 * Downloads into a partial file, going on where an earlier try or command stopped (Range with If-Range), trying again with growing pauses as long as that brings bytes.
 * Whether they are the right ones is for the caller to check.
 * @throws ImIadError IM_IAD_E_DOWNLOAD, IM_IAD_E_DISK_FULL; the signal's reason when it is aborted
 */
export async function downloadFile(request: DownloadRequest): Promise<void> {
  const { partial, signal, onNote, sleep = (milliseconds) => wait(milliseconds, undefined, { signal }) } = request
  let furthest = await partial.size()
  let fruitless = 0
  for (;;) {
    try {
      await attempt(request)
      return
    } catch (error) {
      signal.throwIfAborted()
      const failure = transient(error, request.url)
      const size = await partial.size()
      fruitless = size > furthest ? 0 : fruitless + 1
      furthest = Math.max(furthest, size)
      const asked = failure.retryAfterMilliseconds
      if (fruitless > FRUITLESS_LIMIT || (asked ?? 0) > PATIENCE)
        throw downloadFailed(
          shownUrl(request.url),
          `${failure.message}${fruitless > FRUITLESS_LIMIT ? `, ${fruitless} times in a row` : ''}`,
          ELSEWHERE,
        )
      const pause = asked ?? Math.min(LONGEST_WAIT, 250 * 2 ** fruitless * (0.75 + Math.random() / 2))
      onNote(`${failure.message}; trying again in ${(pause / 1000).toFixed(1)} s`)
      await sleep(pause, signal)
    }
  }
}

/** What is worth another try; everything else is thrown. */
function transient(error: unknown, url: URL): TransientFailure {
  if (error instanceof TransientFailure) return error
  if (isImIadError(error)) throw error
  const failure = connectionFailure(error)
  if (failure instanceof TransientFailure) return failure
  if (failure.code === 'ENOTFOUND')
    throw downloadFailed(
      shownUrl(url),
      `the host ${url.hostname} is not known here`,
      'check the connection; behind a proxy set HTTPS_PROXY',
    )
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(failure.code))
    throw downloadFailed(
      shownUrl(url),
      `its certificate is not trusted (${failure.message})`,
      'behind a proxy with a certificate of its own set NODE_EXTRA_CA_CERTS to that certificate',
    )
  if (failure.code.startsWith('UND_ERR') || failure.code.startsWith('ERR_')) throw downloadFailed(shownUrl(url), failure.message, ELSEWHERE)
  throw error
}

async function attempt(request: DownloadRequest): Promise<void> {
  const { partial, url } = request
  const [have, state] = [await partial.size(), await partial.state()]
  const known = state?.url === shownUrl(url) ? state : null
  if (have > 0 && known?.total === have) return
  const stalls = watchStalls(request.stallMilliseconds, request.signal)
  try {
    const resume: Readonly<Record<string, string>> =
      have === 0 ? {} : { range: `bytes=${have}-`, ...(known?.validator ? { 'if-range': known.validator } : {}) }
    const headers = { 'user-agent': 'im-iad', 'accept-encoding': 'identity', ...resume }
    const response = await get({ url, headers, dispatcher: request.dispatcher, signal: stalls.signal })
    try {
      await receive(await accept(response, have, request), response, request, stalls.alive)
    } finally {
      // What is left unread of an answer that was not taken; being ended early is an error to the stream.
      response.body.on('error', () => undefined).destroy()
    }
  } catch (error) {
    throw stalls.stalled() ? new TransientFailure(`nothing came for ${request.stallMilliseconds / 1000} s`) : error
  } finally {
    stalls.stop()
  }
}

/** Looks at the answer's head. */
async function accept(response: Response, have: number, { url, partial, size }: DownloadRequest): Promise<Offer> {
  const { status, headers } = response
  if (status === 200 || (status === 206 && have > 0)) {
    const offer = offeredBytes(response, have)
    if (offer === null) {
      await partial.remove()
      throw new TransientFailure('the server sent another part than was asked for')
    }
    if (size !== null && offer.total !== null && offer.total !== size) {
      throw downloadFailed(
        shownUrl(response.url),
        `it offers a file of ${offer.total} bytes; the published one has ${size}`,
        'check the URL; a page for signing in is often answered instead of a file',
      )
    }
    return offer
  }
  if (status === 416 && have > 0) {
    await partial.remove()
    throw new TransientFailure('the server has no such part: the file there has changed')
  }
  const said = `the server answered ${status}`
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    throw new TransientFailure(said, retryAfter(headers['retry-after'], Date.now()))
  throw downloadFailed(
    shownUrl(url),
    said,
    status === 401 || status === 403
      ? 'sign in as https://USER:PASSWORD@HOST/… in --from, or give another place'
      : 'check the URL, or give another place with --from URL or IM_IAD_WEIGHTS_MIRROR',
  )
}

async function receive({ start, total, validator }: Offer, { body }: Response, request: DownloadRequest, alive: () => void): Promise<void> {
  const { partial, url } = request
  let received = start
  const ownErrors = async <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => {
      throw writingError(error, partial.path)
    })
  if (total !== null) await checkSpace(dirname(partial.path), total - start)
  await ownErrors(partial.remember({ url: shownUrl(url), validator, total }))
  const writer = await ownErrors(partial.openAt(start))
  try {
    for await (const piece of body) {
      const bytes: Uint8Array = piece
      alive()
      received += bytes.length
      if (received > (total ?? UNKNOWN_SIZE_LIMIT))
        throw downloadFailed(shownUrl(url), `more than ${total ?? UNKNOWN_SIZE_LIMIT} bytes came`, ELSEWHERE)
      await ownErrors(writer.write(bytes))
      request.onProgress(received, total)
    }
  } finally {
    await writer.close()
  }
  if (total !== null && received < total) throw new TransientFailure(`the connection ended after ${received} of ${total} bytes`)
}

async function checkSpace(folder: string, needed: number): Promise<void> {
  const status = await statfs(folder).catch(() => null)
  const free = status === null ? Infinity : status.bavail * status.bsize
  if (free < needed) throw diskFull(folder, needed, free)
}
