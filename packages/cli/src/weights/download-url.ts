import { unusableUrl } from './errors.ts'

export interface UrlChoice {
  /** `--from`. */
  readonly from: string | undefined
  /** `IM_IAD_WEIGHTS_MIRROR`. */
  readonly mirror: string | undefined
}

/**
 * Where to download a file from: `--from` (a file, or a folder when it ends with `/`), else the mirror (a folder laid out like `IM_IAD_HOME/weights`), else where it was published.
 * The hash is the published one whatever the place, so that a mirror need not be trusted.
 * @throws ImIadError IM_IAD_E_URL for what is neither http nor https
 */
export function downloadUrl({ file, url }: { readonly file: string; readonly url: string }, { from, mirror }: UrlChoice): URL {
  if (from !== undefined) return parseUrl(from.endsWith('/') ? from + encodeURIComponent(file) : from)
  if (mirror === undefined || mirror === '') return parseUrl(url)
  return parseUrl(`${mirror.replace(/\/$/, '')}/${encodeURIComponent(file)}`)
}

function parseUrl(text: string): URL {
  const url = urlOrNull(text)
  if (url === null) throw unusableUrl(text, 'it is no URL')
  checkProtocol(url)
  return url
}

/** `URL.parse` came with Node 22. */
export function urlOrNull(text: string, base?: URL): URL | null {
  return URL.canParse(text, base?.href) ? new URL(text, base) : null
}

/** @throws ImIadError IM_IAD_E_URL */
function checkProtocol(url: URL): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw unusableUrl(shownUrl(url), `its protocol is ${url.protocol}`)
}

/** A URL for messages and records: without a password, and without a query, which may be a signature. */
export function shownUrl(url: URL): string {
  return url.protocol.startsWith('http') ? `${url.origin}${url.pathname}` : `${url.protocol}//${url.host}${url.pathname}`
}
