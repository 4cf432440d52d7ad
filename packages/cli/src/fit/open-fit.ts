import { resolve } from 'node:path'
import { ImIadError, parseSetting, type Registry, type Setting } from '@im-iad/core'
import { openPictures, openTextures, preparePictures, type PreparedPictures, type TextureSet } from '@im-iad/predict'
import type { FitFlags } from '../commands/fit-flags.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'
import type { FitProgressBar } from './show-fit-progress.ts'

/** What `fit` and `try` start from. */
export interface OpenedFit {
  readonly registry: Registry
  readonly settings: readonly Setting[]
  readonly prepared: PreparedPictures
  /** `null` where none were named. */
  readonly textures: TextureSet | null
  /** What was left out or assumed, a sentence each. */
  readonly warnings: readonly string[]
}

/** Share of the progress that looking at the pictures gets. */
const LOOKING = 0.03

/** Finds, reads and groups the pictures. @throws ImIadError when there are none to learn from */
export async function openFit(
  folder: string | undefined,
  flags: FitFlags,
  context: ImIadContext,
  progress: FitProgressBar,
): Promise<OpenedFit> {
  const registry = findPlugins(context, flags.plugin ?? [])
  const settings = (flags.set ?? []).map(parseSetting)
  // A wrong folder is said before the pictures are looked at, and whoever of the algorithms would use it.
  const textures = flags.textures === undefined ? null : await openTextures(resolve(context.workingDirectory, flags.textures))
  const set = await openPictures({
    registry,
    dataset: flags.dataset,
    root: picturesRoot(folder, flags, context),
    category: flags.category ?? null,
    settings,
  })
  const goal = { rate: flags.falseReject, confidence: flags.confidence }
  const prepared = await preparePictures(set, {
    goal,
    seed: flags.seed,
    signal: context.signal,
    onProgress: (fraction) => progress.update(fraction * LOOKING, 'looking at the pictures'),
  })
  const { good, parts, unreadable } = prepared
  const alike = good.length - parts.groups
  const warnings = [
    ...set.warnings,
    ...unreadable.map((problem) => `left out: ${problem}`),
    ...(alike === 0
      ? []
      : [
          `${alike} of ${good.length} good pictures are near-duplicates of others: each such group stands on one side of every split and counts once.`,
        ]),
  ]
  return { registry, settings, prepared, textures, warnings }
}

/** A flag that changes nothing is said to change nothing. */
export function noUseForTextures(ids: readonly string[]): string {
  return `--textures changes nothing: ${ids.join(', ')} can't use any.`
}

function picturesRoot(
  folder: string | undefined,
  { dataRoot, dataset }: FitFlags,
  { workingDirectory, environment }: ImIadContext,
): string | null {
  if (folder !== undefined && dataRoot !== undefined)
    throw new ImIadError({
      code: 'IM_IAD_E_SELECTION',
      what: 'the pictures are named twice',
      found: `${folder} and --data-root ${dataRoot}`,
      fix: 'leave one out',
    })
  const given = folder ?? dataRoot ?? (dataset === 'folder' ? undefined : environment['IM_IAD_DATA'])
  if (given !== undefined && given !== '') return resolve(workingDirectory, given)
  if (dataset !== 'folder') return null
  throw new ImIadError({
    code: 'IM_IAD_E_SELECTION',
    what: 'no folder of pictures was named',
    fix: 'name it: im-iad try DIR, with good/ and bad/ in it, or good pictures alone',
  })
}

/** Where in the whole progress a fraction of the fitting is. */
export function afterLooking(fraction: number): number {
  return LOOKING + (1 - LOOKING) * fraction
}
