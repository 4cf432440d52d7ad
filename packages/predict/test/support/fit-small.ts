import { join } from 'node:path'
import type { Setting } from '@im-iad/core'
import {
  chooseAlgorithm,
  findInstalledPlugins,
  fitAlgorithm,
  openPictures,
  preparePictures,
  type FitOutcome,
  type ModelDescription,
  type PreparedPictures,
} from '@im-iad/predict'
import { temporaryFolder } from './pictures.ts'

export const registry: ReturnType<typeof findInstalledPlugins> = findInstalledPlugins(join(import.meta.dirname, '..', '..'))
export const settings: readonly Setting[] = [
  { owner: 'padim', name: 'size', text: '32' },
  { owner: 'patchcore', name: 'size', text: '32' },
  { owner: 'stpm', name: 'size', text: '32' },
]

export interface SmallFit {
  readonly folder: string
  readonly description: ModelDescription
  readonly outcome: FitOutcome
  readonly prepared: PreparedPictures
}

export async function prepareSmall(root: string, rate: number = 0.01): Promise<PreparedPictures> {
  const set = await openPictures({ registry, dataset: 'folder', root, category: null, settings: [] })
  return preparePictures(set, {
    goal: { rate, confidence: 0.95 },
    seed: 0,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  })
}

/** Fits the smallest real model there is. */
export async function fitSmall(
  root: string,
  {
    rate = 0.01,
    id = 'padim',
    isolation = 'in-process',
    settings: more = [],
  }: {
    readonly rate?: number
    readonly id?: string
    readonly isolation?: 'in-process' | 'child-process'
    readonly settings?: readonly Setting[]
  } = {},
): Promise<SmallFit> {
  const prepared = await prepareSmall(root, rate)
  const folder = join(await temporaryFolder(), 'model')
  const fitted = await fitAlgorithm({
    prepared,
    chosen: await chooseAlgorithm({ registry, id, budget: 'smoke', settings: [...settings, ...more] }),
    goal: { rate, confidence: 0.95 },
    budget: 'smoke',
    seed: 0,
    folder,
    keepGoodMaps: 0,
    isolation,
    listener: { onProgress: () => undefined, onLog: () => undefined, signal: new AbortController().signal },
  })
  const description = await fitted.save()
  await fitted.close()
  return { folder, description, outcome: fitted.outcome, prepared }
}
