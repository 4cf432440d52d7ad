/** The kinds of plugins that there are templates for. */
export type TemplateKind = 'algorithm' | 'dataset' | 'paradigm' | 'metric'

export interface PluginTemplate {
  readonly kind: TemplateKind
  /** For the prompt: what a plugin of this kind does. */
  readonly purpose: string
  /** What package names of this kind begin with, after the scope. */
  readonly prefix: string
}

export const PLUGIN_TEMPLATES: readonly PluginTemplate[] = [
  { kind: 'algorithm', purpose: 'learns from normal pictures and scores new ones', prefix: 'im-iad-algo-' },
  { kind: 'dataset', purpose: "reads a publisher's folders of pictures and masks", prefix: 'im-iad-dataset-' },
  { kind: 'paradigm', purpose: 'says who is trained on what, and tested on what', prefix: 'im-iad-paradigm-' },
  { kind: 'metric', purpose: 'makes one number of scores and maps', prefix: 'im-iad-metric-' },
]

export function templateOf(kind: TemplateKind): PluginTemplate {
  const template = PLUGIN_TEMPLATES.find((known) => known.kind === kind)
  if (template === undefined) throw new TypeError(`no template of kind ${kind}`)
  return template
}
