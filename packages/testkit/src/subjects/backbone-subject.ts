import type { BackbonePlugin, DiscoveredPlugin, FeatureExtractor } from '@im-iad/core'
import type { PictureSize } from '../fixtures/pictures.ts'
import type { ConformanceOptions } from '../options.ts'
import { openPluginSubject, type PluginSubject } from './plugin-subject.ts'

/** A backbone under test. */
export interface BackboneSubject extends PluginSubject<BackbonePlugin> {
  /** Why it cannot be opened here, or `null`. */
  readonly withoutWeights: string | null
  readonly size: PictureSize
  /** Opens it anew; disposed of in the end. */
  readonly open: () => Promise<FeatureExtractor>
  /** Opened once, for checks that only extract. */
  readonly opened: () => Promise<FeatureExtractor>
}

export function openBackboneSubject(plugin: BackbonePlugin, location: DiscoveredPlugin, options: ConformanceOptions): BackboneSubject {
  const base = openPluginSubject(plugin, location, options)
  const { pictureSize = { width: 96, height: 64 } } = options
  const weightsFile = weightsFileOf(plugin.id, options)
  const needsFile = plugin.weights.kind === 'file' || plugin.weights.kind === 'download'
  const extractors: FeatureExtractor[] = []
  const open = async (): Promise<FeatureExtractor> => {
    const extractor = await plugin.open({ weightsFile: needsFile ? weightsFile : null, threads: 1 })
    extractors.push(extractor)
    return extractor
  }
  let once: Promise<FeatureExtractor> | null = null
  return {
    ...base,
    withoutWeights: needsFile && weightsFile === null ? 'it reads a file of weights, and nobody said where one is (weightsFile)' : null,
    size: pictureSize,
    open,
    opened: () => (once ??= open()),
    async dispose() {
      await Promise.allSettled(extractors.map((extractor) => extractor.dispose()))
      await base.dispose()
    },
  }
}

function weightsFileOf(id: string, { weightsFile = {} }: ConformanceOptions): string | null {
  return typeof weightsFile === 'string' ? weightsFile : (weightsFile[id] ?? null)
}
