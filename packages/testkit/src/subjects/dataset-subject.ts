import { resolveDataRoot, resolveParameters, type DatasetPlugin, type DiscoveredPlugin, type OpenDataset, type Sample } from '@im-iad/core'
import { deepFreeze } from '../deep-freeze.ts'
import type { ConformanceOptions } from '../options.ts'
import { openPluginSubject, type PluginSubject } from './plugin-subject.ts'

/** A dataset under test. */
export interface DatasetSubject extends PluginSubject<DatasetPlugin> {
  /** Why nothing can be opened, or `null`. */
  readonly withoutData: string | null
  /** The dataset's own folder; `null` for a generated dataset. */
  readonly root: () => Promise<string | null>
  /** Defaults, the author's over them, `change` over those. @throws ImIadError when the schema refuses them */
  readonly parameters: (change?: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
  /** Opens it anew. */
  readonly open: (root?: string | null) => Promise<OpenDataset>
  /** All samples of all categories, read once. */
  readonly samples: () => Promise<readonly CategorySamples[]>
}

export interface CategorySamples {
  readonly category: string
  readonly samples: readonly Sample[]
}

export function openDatasetSubject(plugin: DatasetPlugin, location: DiscoveredPlugin, options: ConformanceOptions): DatasetSubject {
  const base = openPluginSubject(plugin, location, options)
  const { dataRoot } = options
  const parameters: DatasetSubject['parameters'] = (change = {}) => resolveParameters(plugin, options.parameters ?? {}, change)
  const root = (): Promise<string | null> => resolveDataRoot(plugin, dataRoot ?? null)
  const open: DatasetSubject['open'] = async (folder) =>
    plugin.open(folder === undefined ? await root() : folder, deepFreeze(structuredClone(parameters())))
  let read: Promise<readonly CategorySamples[]> | null = null
  return {
    ...base,
    withoutData:
      plugin.source === 'files' && dataRoot === undefined ? 'it reads files, and nobody said where they are (dataRoot, --data-root)' : null,
    root,
    parameters,
    open,
    samples: () => (read ??= open().then(readAll)),
  }
}

/** The samples of all categories. */
export async function readAll(dataset: OpenDataset): Promise<readonly CategorySamples[]> {
  const all: CategorySamples[] = []
  for (const category of dataset.categories) all.push({ category, samples: await dataset.samples(category) })
  return all
}
