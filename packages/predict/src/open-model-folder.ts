import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { homeDirectory, loadPlugin, resolveParameters, type AlgorithmInstance, type AlgorithmPlugin, type Registry } from '@im-iad/core'
import { createStageClock, locateBackbone, openContext, openFileHashes, type PlacedBackbone } from '@im-iad/core/machinery'
import { failedModel, missingAlgorithm, otherBackbone, otherInput, otherRevision } from './errors.ts'
import { findInstalledPlugins } from './find-installed-plugins.ts'
import { createFramePredictor, type FramePredictor } from './frame-predictor.ts'
import type { ModelBackbone, ModelDescription } from './model/description.ts'
import { ALGORITHM_FOLDER, readDescription, verifyFiles } from './model/read-description.ts'

export interface OpenModelOptions {
  /** The plugins to choose from; those installed for the working directory and beside this package when absent. */
  readonly registry?: Registry
  /** Threads that native libraries may use; all cores when absent. */
  readonly threads?: number
}

/** A model folder whose algorithm has loaded it. */
export interface OpenedModel {
  /** Absolute. */
  readonly directory: string
  readonly description: ModelDescription
  readonly plugin: AlgorithmPlugin
  readonly instance: AlgorithmInstance
  readonly predictor: FramePredictor
  readonly backbones: readonly PlacedBackbone[]
  readonly dispose: () => Promise<void>
}

/**
 * Opens a model folder and makes sure that it works: see `loadModel`.
 * @throws ImIadError IM_IAD_E_MODEL for a folder that is no model or is damaged, IM_IAD_E_MODEL_PLUGIN or IM_IAD_E_MODEL_BACKBONE when what it needs is not installed or is another revision
 */
export async function openModelFolder(folder: string, options: OpenModelOptions): Promise<OpenedModel> {
  const directory = resolve(folder)
  const description = await readDescription(directory)
  await verifyFiles(directory, description)
  const registry = options.registry ?? findInstalledPlugins()
  const plugin = await findAlgorithm(directory, description, registry)
  const backbones = await placeBackbones(directory, description, registry)
  const parameters = resolveParameters(plugin, description.algorithm.parameters)
  if (!isDeepStrictEqual(plugin.input(parameters), description.input)) throw otherInput(directory, plugin.id)
  const opened = await openContext({
    seed: description.seed,
    threads: options.threads ?? availableParallelism(),
    textureDirectory: null,
    scratchDirectory: join(tmpdir(), `im-iad-model-${randomUUID()}`),
    backbones,
    clock: createStageClock(),
    log: () => undefined,
  })
  let instance: AlgorithmInstance | null = null
  try {
    instance = await plugin.create(parameters, opened.context)
    await instance.load(join(directory, ALGORITHM_FOLDER))
    const predictor = createFramePredictor(plugin, instance, description.input)
    await probe(predictor)
    const loaded = instance
    const dispose = async (): Promise<void> => {
      await loaded.dispose()
      await opened.dispose()
    }
    return { directory, description, plugin, instance, predictor, backbones, dispose }
  } catch (error) {
    await instance?.dispose()
    await opened.dispose()
    throw failedModel(directory, plugin.id, error)
  }
}

/** Scores a grey picture: files that are well-formed but don't fit each other fail now and not in the middle of the work. */
async function probe({ frameBytes, predict }: FramePredictor): Promise<void> {
  await predict([{ pixels: new Uint8Array(frameBytes).fill(128), withMap: true }])
}

async function findAlgorithm(folder: string, { algorithm }: ModelDescription, registry: Registry): Promise<AlgorithmPlugin> {
  const sameId = registry.list('algorithm').filter((found) => found.id === algorithm.id)
  const found = sameId.find((candidate) => candidate.package === algorithm.package)
  if (found === undefined) {
    const others = sameId.map((other) => other.package)
    throw missingAlgorithm(folder, algorithm, others)
  }
  const plugin = await loadPlugin({ ...found, kind: 'algorithm' })
  if (plugin.revision !== algorithm.revision) throw otherRevision(folder, algorithm, { version: found.version, revision: plugin.revision })
  return plugin
}

async function placeBackbones(folder: string, description: ModelDescription, registry: Registry): Promise<readonly PlacedBackbone[]> {
  const hashes = await openFileHashes(join(homeDirectory(), 'cache'), 'backbones')
  const search = { registry, homeDirectory: homeDirectory(), hashes }
  const placed: PlacedBackbone[] = []
  for (const expected of description.backbones) {
    const reference = expected.file === null ? expected.name : join(folder, expected.file)
    const { location, hashed } = await locateBackbone(
      { reference, algorithm: description.algorithm.id, parameter: expected.parameter },
      search,
    )
    checkBackbone(folder, expected, { ...location.plugin, ...hashed })
    placed.push({ location, hashed: { parameter: expected.parameter, ...hashed, name: expected.name } })
  }
  return placed
}

function checkBackbone(
  folder: string,
  expected: ModelBackbone,
  found: { readonly id: string; readonly package: string; readonly revision: number; readonly sha256: string | null },
): void {
  const { plugin, sha256 } = expected
  if (found.id !== plugin.id || found.package !== plugin.package)
    throw otherBackbone(
      folder,
      expected,
      `it was opened by "${plugin.id}" of ${plugin.package}; "${found.id}" of ${found.package} is installed`,
    )
  if (found.revision !== plugin.revision)
    throw otherBackbone(folder, expected, `revision ${plugin.revision} is needed, ${found.revision} is installed`)
  if (found.sha256 !== sha256)
    throw otherBackbone(folder, expected, `its weights have another SHA-256: ${found.sha256 ?? 'none'} instead of ${sha256 ?? 'none'}`)
}
