import { join } from 'node:path'
import {
  homeDirectory,
  loadPlugin,
  resolveParameters,
  type AlgorithmPlugin,
  type Budget,
  type PluginLocation,
  type Registry,
  type Setting,
} from '@im-iad/core'
import { parseParameterValues, locateBackbone, openFileHashes, pluginLocation, type PlacedBackbone } from '@im-iad/core/machinery'
import { unsuitableAlgorithm } from '../errors.ts'

/** An algorithm with everything that it is created with. */
export interface ChosenAlgorithm {
  readonly plugin: AlgorithmPlugin
  readonly location: PluginLocation
  /** With the names of backbones instead of paths. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly backbones: readonly PlacedBackbone[]
}

export interface AlgorithmChoice {
  readonly registry: Registry
  readonly id: string
  readonly budget: Budget
  readonly settings: readonly Setting[]
}

/**
 * Finds an algorithm, its parameters and its backbones.
 * @throws ImIadError when it is not installed, needs more than good pictures, or a parameter or backbone is wrong
 */
export async function chooseAlgorithm({ registry, id, budget, settings }: AlgorithmChoice): Promise<ChosenAlgorithm> {
  const found = registry.find('algorithm', id)
  const plugin = await loadPlugin({ ...found, kind: 'algorithm' })
  const unsuitable = whyUnsuitable(plugin)
  if (unsuitable !== null) throw unsuitableAlgorithm(plugin.id, unsuitable)
  const given = Object.fromEntries(
    settings.filter(({ owner }) => owner === plugin.id).map(({ name, text }) => [name, parseParameterValues(plugin, name, text)[0]]),
  )
  const parameters = resolveParameters(plugin, { ...plugin.budgets[budget] }, given)
  const hashes = await openFileHashes(join(homeDirectory(), 'cache'), 'backbones')
  const backbones: PlacedBackbone[] = []
  for (const parameter of plugin.needs.backbones ?? []) {
    const reference = String(parameters[parameter])
    const { location, hashed } = await locateBackbone(
      { reference, algorithm: plugin.id, parameter },
      { registry, homeDirectory: homeDirectory(), hashes },
    )
    backbones.push({ location, hashed: { parameter, ...hashed } })
  }
  await hashes.save()
  const names = Object.fromEntries(backbones.map(({ hashed }) => [hashed.parameter, hashed.name]))
  return { plugin, location: pluginLocation(found), parameters: { ...parameters, ...names }, backbones }
}

/** Why an algorithm can't be fitted to one folder of good pictures; `null` when it can. */
export function whyUnsuitable({ supervision, needs }: AlgorithmPlugin): string | null {
  if (supervision !== 'none') return 'it learns from labelled defects'
  if (needs.otherCategories === true) return 'it learns from other kinds of parts as well'
  return null
}
