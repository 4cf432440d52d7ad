export { PLUGIN_TEMPLATES, type PluginTemplate, type TemplateKind } from './plugin-template.ts'
export { LICENSES, type License } from './license.ts'
export { scaffold, type ScaffoldRequest, type ScaffoldedPackage } from './scaffold.ts'
