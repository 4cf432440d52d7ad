import type { TemplateKind } from './plugin-template.ts'

const PREFIX = /^(im-iad-)?((algo|algorithm|datasets?|paradigm|metric)-)?/

/**
 * What users will type for the plugin of a package: its name without scope and prefix; `@acme/im-iad-algo-glow` provides `glow`.
 * A metric's id begins with its level: `im-iad-metric-cost` provides `image.cost`.
 */
export function pluginId(packageName: string, kind: TemplateKind): string {
  const unscoped = packageName.replace(/^@[^/]*\//, '')
  const bare = unscoped
    .replace(PREFIX, '')
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '')
  const id = bare === '' ? 'example' : bare
  return kind === 'metric' ? `image.${id}` : id
}
