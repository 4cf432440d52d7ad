import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AlgorithmContext } from '../contracts/algorithm.ts'
import type { BackboneContext, BackbonePlugin, FeatureExtractor } from '../contracts/backbone.ts'
import { weightsFingerprint } from '../backbone/locate-backbone.ts'
import { openFileHashes } from '../dataset/file-hashes.ts'
import { changedBackbone } from '../errors/backbone-errors.ts'
import { homeDirectory } from '../home/home-directory.ts'
import { createRandomSource } from '../random/random-source.ts'
import { loadPlugin } from '../registry/registry.ts'
import type { HashedBackbone } from '../store/record.ts'
import type { BackboneLocation } from './job.ts'
import type { StageClock } from './stage-clock.ts'

/** What an algorithm gets, and what is to be closed after it. */
export interface OpenedContext {
  readonly context: AlgorithmContext
  /** What the backbones have to say, a sentence each. */
  readonly notes: () => readonly string[]
  readonly dispose: () => Promise<void>
}

/** A backbone that was found, and what of it was planned with. */
export interface PlacedBackbone {
  readonly hashed: HashedBackbone
  readonly location: BackboneLocation
}

/** What an algorithm runs with, in an experiment or by itself. */
export interface ContextRequest {
  readonly seed: number
  readonly threads: number
  /** Emptied at the start, removed at the end. */
  readonly scratchDirectory: string
  readonly textureDirectory: string | null
  readonly backbones: readonly PlacedBackbone[]
  readonly clock: StageClock
  readonly log: (message: string) => void
}

export async function openContext(request: ContextRequest): Promise<OpenedContext> {
  const { scratchDirectory, clock } = request
  await rm(scratchDirectory, { recursive: true, force: true })
  await mkdir(scratchDirectory, { recursive: true })
  const opened = new Map<string, Promise<FeatureExtractor>>()
  const notes = new Set<string>()
  const open = async (reference: string): Promise<FeatureExtractor> => {
    const extractor = await openBackbone(request, reference)
    for (const note of extractor.notes) notes.add(`backbone ${reference}: ${note}`)
    return extractor
  }
  return {
    context: {
      random: createRandomSource(request.seed, 'algorithm'),
      backbone(reference) {
        const extractor = opened.get(reference) ?? open(reference)
        opened.set(reference, extractor)
        return extractor
      },
      async trainableBackbone(reference, wanted) {
        const { plugin, context } = await loadBackbone(request, reference)
        return (await plugin.train?.(context, wanted)) ?? null
      },
      threads: request.threads,
      workDirectory: scratchDirectory,
      textureDirectory: request.textureDirectory,
      measure: (stage, work) => clock.time(stage, work),
      log: request.log,
    },
    notes: () => [...notes],
    async dispose() {
      const extractors = await Promise.allSettled(opened.values())
      for (const extractor of extractors) if (extractor.status === 'fulfilled') await extractor.value.dispose()
      await rm(scratchDirectory, { recursive: true, force: true })
    },
  }
}

async function openBackbone(request: ContextRequest, reference: string): Promise<FeatureExtractor> {
  const { plugin, context } = await loadBackbone(request, reference)
  return plugin.open(context)
}

interface LoadedBackbone {
  readonly plugin: BackbonePlugin
  readonly context: BackboneContext
}

/** Loads the plugin, and makes sure that its weights are those that were planned with. */
async function loadBackbone({ backbones, threads }: ContextRequest, reference: string): Promise<LoadedBackbone> {
  const placed = backbones.find(({ hashed }) => hashed.name === reference)
  if (placed === undefined)
    throw new RangeError(`the algorithm asks for backbone "${reference}", which none of the parameters in its needs.backbones names`)
  const { weightsFile } = placed.location
  const plugin = await loadPlugin({ ...placed.location.plugin, kind: 'backbone' })
  const hashes = await openFileHashes(join(homeDirectory(), 'cache'), 'backbones')
  if ((await weightsFingerprint(plugin, weightsFile, hashes)) !== placed.hashed.sha256) throw changedBackbone(reference)
  return { plugin, context: { weightsFile, threads } }
}
