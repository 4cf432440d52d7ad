import { pathToFileURL } from 'node:url'
import type { DiscoveredPlugin } from '../discovery/discovered-plugin.ts'
import { isRecord } from '../discovery/package-manifest.ts'
import { endlessImport, failedImport, invalidPlugin } from '../errors/plugin-errors.ts'

/**
 * What a plugin's entry exports by default.
 * @throws ImIadError for an entry that can't be imported, never finishes importing, or exports no default
 */
export async function importDefault(plugin: DiscoveredPlugin, secondsToImport: number): Promise<unknown> {
  const module = await withinTime(importEntry(plugin), secondsToImport, () => endlessImport(plugin, secondsToImport))
  if (!isRecord(module) || module['default'] === undefined) throw invalidPlugin(plugin, noDefault(module))
  const exported = module['default']
  // What compilers make of "export default" for CommonJS.
  if (isRecord(exported) && exported['__esModule'] === true) {
    if (exported['default'] === undefined) throw invalidPlugin(plugin, noDefault(exported))
    return exported['default']
  }
  return exported
}

async function importEntry(plugin: DiscoveredPlugin): Promise<unknown> {
  try {
    return await import(pathToFileURL(plugin.entry).href)
  } catch (error) {
    throw failedImport(plugin, error)
  }
}

function noDefault(module: unknown): string {
  const names = isRecord(module) ? Object.keys(module).filter((name) => name !== '__esModule' && name !== 'module.exports') : []
  const exports = names.length === 0 ? 'nothing' : names.slice(0, 5).join(', ')
  return `its entry has no default export (it exports ${exports}); it must "export default" the plugin, or a list of plugins`
}

async function withinTime<Value>(work: Promise<Value>, seconds: number, error: () => Error): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error()), seconds * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
