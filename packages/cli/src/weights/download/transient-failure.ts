/** A failure that may be gone at the next try. */
export class TransientFailure extends Error {
  /** What the server asks for, or `null`. */
  readonly retryAfterMilliseconds: number | null

  constructor(message: string, retryAfterMilliseconds: number | null = null) {
    super(message)
    this.retryAfterMilliseconds = retryAfterMilliseconds
  }
}

const TRANSIENT_CODES = [
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_RESPONSE',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'HPE_INVALID_CONSTANT',
]

/** What a failed connection means: worth another try, or the error's code and message. */
export function connectionFailure(error: unknown): TransientFailure | { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  const code = 'code' in error ? String(error.code) : ''
  const message = error.message === '' ? code : error.message
  if (TRANSIENT_CODES.includes(code) || code.startsWith('HPE_'))
    return new TransientFailure(code.startsWith('E') ? `${code}: ${message}` : message)
  if (error instanceof AggregateError && error.errors.length > 0) return connectionFailure(error.errors[0])
  if (error.cause !== undefined) return connectionFailure(error.cause)
  return { code, message }
}

/** `Retry-After` in milliseconds: seconds, or a date (RFC 9110, 10.2.3); `null` when there is none. */
export function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : null
}
