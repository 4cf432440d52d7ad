import { ImIadError, nearest, PLUGIN_KINDS, type PluginKind } from '@im-iad/core'

/** `algorithm` or `algorithms` as a kind. @throws ImIadError IM_IAD_E_KIND, naming the nearest */
export function parseKind(text: string): PluginKind {
  const kind = PLUGIN_KINDS.find((known) => known === text || `${known}s` === text)
  if (kind !== undefined) return kind
  const plurals = PLUGIN_KINDS.map((known) => `${known}s`)
  const similar = nearest(text, plurals)
  throw new ImIadError({
    code: 'IM_IAD_E_KIND',
    what: `"${text}" is no kind of plugin`,
    problem: `kinds are ${plurals.join(', ')}`,
    fix: similar === undefined ? 'name one of them' : `did you mean "${similar}"?`,
  })
}
