import { downloadFailed } from '../errors.ts'
import { shownUrl } from '../download-url.ts'
import type { Response } from './follow-redirects.ts'

/** What an answer holds. */
export interface Offer {
  /** Where in the file its first byte stands. */
  readonly start: number
  /** The whole file's size, or `null` when the server does not say. */
  readonly total: number | null
  readonly validator: string | null
}

/**
 * Reads an answer's head: the whole file (200), or the rest from `have` on (206).
 * @returns `null` for another part than was asked for
 * @throws ImIadError IM_IAD_E_DOWNLOAD when the server compresses: those are other bytes than the file's
 */
export function offeredBytes({ url, status, headers }: Response, have: number): Offer | null {
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity')
    throw downloadFailed(
      shownUrl(url),
      `the server sends it as ${encoding}, though plain bytes were asked for`,
      'mend the server, or give another place with --from URL',
    )
  const validator = strongValidator(headers)
  const length = sizeOf(headers['content-length'])
  if (status === 200) return { start: 0, total: length, validator }
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? []
  if (Number(from) !== have) return null
  return { start: have, total: total === '*' ? (length === null ? null : have + length) : Number(total), validator }
}

/** A weak tag does not promise equal bytes (RFC 9110, 8.8.1). */
function strongValidator(headers: Response['headers']): string | null {
  const { etag } = headers
  if (etag !== undefined && etag.startsWith('"')) return etag
  return etag === undefined ? (headers['last-modified'] ?? null) : null
}

function sizeOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}
