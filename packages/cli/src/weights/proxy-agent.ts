import type { Dispatcher } from 'undici'

/**
 * Connections as the environment says: `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, in either case.
 * http through an http proxy is sent as plain requests: many proxies allow tunnels to port 443 only.
 */
export async function proxyAgent(environment: Readonly<Record<string, string | undefined>>): Promise<Dispatcher> {
  const { EnvHttpProxyAgent } = await import('undici')
  const either = (name: string): string | undefined => environment[name.toLowerCase()] ?? environment[name]
  const [httpProxy, httpsProxy, noProxy] = [either('HTTP_PROXY'), either('HTTPS_PROXY'), either('NO_PROXY')]
  return new EnvHttpProxyAgent({
    proxyTunnel: false,
    ...(httpProxy ? { httpProxy } : {}),
    ...(httpsProxy ? { httpsProxy } : {}),
    ...(noProxy ? { noProxy } : {}),
  })
}
