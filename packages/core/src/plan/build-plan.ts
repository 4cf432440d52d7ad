import { join } from 'node:path'
import { nearest } from '@im-iad/errors'
import type { AlgorithmPlugin } from '../contracts/algorithm.ts'
import type { DatasetPlugin, OpenDataset } from '../contracts/dataset.ts'
import type { ParadigmPlugin } from '../contracts/paradigm.ts'
import { locateBackbone, type BackboneSearch, type LocatedBackbone } from '../backbone/locate-backbone.ts'
import { resolveDataRoot } from '../dataset/data-root.ts'
import { openFileHashes, sha256, type FileHashes } from '../dataset/file-hashes.ts'
import { dataFingerprint, fingerprintSamples, type FingerprintedSample } from '../dataset/sample-facts.ts'
import { unknownCategory } from '../errors/dataset-errors.ts'
import { loadMetrics } from '../registry/load-metrics.ts'
import { loadPlugin, type Registry } from '../registry/registry.ts'
import type { BackboneLocation, ExperimentJob } from '../runner/job.ts'
import { pluginLocation } from '../store/plugin-location.ts'
import { RECORD_SCHEMA, type ExperimentInputs, type HashedBackbone, type PluginLocation } from '../store/record.ts'
import { canonicalJson } from './canonical-json.ts'
import { wantedCategories } from '../dataset/wanted-categories.ts'
import { CORE_REVISION } from './core-revision.ts'
import { assignSettings, parameterVariants } from './parameter-variants.ts'
import { textureFingerprint } from './texture-fingerprint.ts'
import type { RunConfiguration } from './run-configuration.ts'

/** One experiment of a plan. The run folder is known only when it runs. */
export interface PlannedExperiment {
  readonly job: Omit<ExperimentJob, 'runDirectory'>
  /** Pictures of the categories involved. */
  readonly pictures: { readonly normal: number; readonly anomalous: number }
  /** Seconds on two CPU cores, as the algorithm estimates them; `null` when it doesn't. */
  readonly estimatedSeconds: number | null
  /** What the data fingerprint was made of. Not part of the job: it may be large. */
  readonly samples: readonly FingerprintedSample[]
}

export interface Plan {
  readonly experiments: readonly PlannedExperiment[]
  /** What the datasets said while being opened. */
  readonly warnings: readonly string[]
}

/** Where a plan is made. */
export interface PlanEnvironment {
  readonly registry: Registry
  readonly homeDirectory: string
  /** Stops hashing; its reason is thrown. */
  readonly signal?: AbortSignal
}

/**
 * Every combination of datasets, categories, algorithms, paradigms, parameter values and seeds, each with the hash of everything its numbers depend on.
 * Reads names and hashes files; decodes nothing, trains nothing.
 * @throws ImIadError for an unknown plugin, category or parameter, missing data, or a backbone that is not there
 */
export async function buildPlan(configuration: RunConfiguration, environment: PlanEnvironment): Promise<Plan> {
  const { registry } = environment
  const selected = [...configuration.datasets, ...configuration.algorithms, ...configuration.paradigms]
  const settings = assignSettings(configuration.settings, selected)
  const algorithms = await Promise.all(configuration.algorithms.map((id) => selectPlugin(registry, 'algorithm', id)))
  const paradigms = await Promise.all(configuration.paradigms.map((id) => selectPlugin(registry, 'paradigm', id)))
  const { metrics, warnings } = await selectMetrics(registry)
  const combinations = { configuration: { ...configuration, settings }, environment, algorithms, paradigms, metrics }
  const plans: Plan[] = []
  for (const id of configuration.datasets) plans.push(await planDataset(await selectPlugin(registry, 'dataset', id), combinations))
  return {
    experiments: deduplicate(plans.flatMap((plan) => plan.experiments)),
    warnings: [...warnings, ...plans.flatMap((plan) => plan.warnings)],
  }
}

interface Selected<Plugin> {
  /** As it was asked for, and as it goes into the hash: `package/id` where an id alone would not do. */
  readonly name: string
  readonly plugin: Plugin
  readonly location: PluginLocation
}

interface Combinations {
  readonly configuration: RunConfiguration
  readonly environment: PlanEnvironment
  readonly algorithms: readonly Selected<AlgorithmPlugin>[]
  readonly paradigms: readonly Selected<ParadigmPlugin>[]
  readonly metrics: readonly PlannedMetric[]
}

interface PlannedMetric {
  readonly id: string
  readonly revision: number
  readonly location: PluginLocation
}

async function selectPlugin<Kind extends 'dataset' | 'algorithm' | 'paradigm'>(registry: Registry, kind: Kind, name: string) {
  const found = registry.find(kind, name)
  return { name, plugin: await loadPlugin({ ...found, kind }), location: pluginLocation(found) }
}

async function selectMetrics(
  registry: Registry,
): Promise<{ readonly metrics: readonly PlannedMetric[]; readonly warnings: readonly string[] }> {
  const { metrics, warnings } = await loadMetrics(registry)
  return {
    metrics: metrics.map(({ found, plugin: { id, revision } }) => ({ id, revision, location: pluginLocation(found) })),
    warnings,
  }
}

async function planDataset(dataset: Selected<DatasetPlugin>, combinations: Combinations): Promise<Plan> {
  const { configuration, environment } = combinations
  const dataRoot = await resolveDataRoot(dataset.plugin, configuration.dataRoot)
  const hashes = await openFileHashes(join(environment.homeDirectory, 'cache'), dataRoot ?? dataset.plugin.id)
  const plans: Plan[] = []
  for (const parameters of parameterVariants({ ...dataset.plugin, id: dataset.name }, {}, configuration.settings)) {
    const open = await dataset.plugin.open(dataRoot, parameters)
    const source = { dataset, dataRoot, parameters, open, hashes, fingerprinted: new Map<string, readonly FingerprintedSample[]>() }
    try {
      plans.push({ experiments: await planOpenDataset(source, combinations), warnings: open.warnings })
    } finally {
      // An interrupted plan need not read again what it has read.
      await hashes.save()
    }
  }
  return { experiments: plans.flatMap((plan) => plan.experiments), warnings: plans.flatMap((plan) => plan.warnings) }
}

interface PlanSource {
  readonly dataset: Selected<DatasetPlugin>
  readonly dataRoot: string | null
  readonly parameters: Readonly<Record<string, unknown>>
  readonly open: OpenDataset
  readonly hashes: FileHashes
  readonly fingerprinted: Map<string, readonly FingerprintedSample[]>
}

async function planOpenDataset(source: PlanSource, combinations: Combinations): Promise<readonly PlannedExperiment[]> {
  const { configuration } = combinations
  const categories = selectCategories(source, configuration.categories)
  const experiments: PlannedExperiment[] = []
  for (const algorithm of combinations.algorithms)
    for (const algorithmParameters of parameterVariants(
      { ...algorithm.plugin, id: algorithm.name },
      { ...algorithm.plugin.budgets[configuration.budget] },
      configuration.settings,
    )) {
      const backbones = await locateBackbones(algorithm.plugin, algorithmParameters, source, combinations)
      for (const paradigm of combinations.paradigms)
        for (const paradigmParameters of parameterVariants({ ...paradigm.plugin, id: paradigm.name }, {}, configuration.settings))
          for (const category of paradigm.plugin.scope === 'dataset' ? [null] : categories)
            for (const seed of configuration.seeds) {
              const chosen = { source, algorithm, algorithmParameters, paradigm, paradigmParameters, category, seed, backbones }
              experiments.push(await planExperiment(chosen, combinations))
            }
    }
  return experiments
}

function selectCategories(source: PlanSource, wanted: readonly string[] | null): readonly string[] {
  const known = source.open.categories
  for (const category of wanted ?? [])
    if (!known.includes(category)) throw unknownCategory(source.dataset.plugin.id, category, nearest(category, known), known)
  return wanted ?? known
}

interface PlannedBackbone extends LocatedBackbone {
  readonly parameter: string
  readonly reference: string
}

async function locateBackbones(
  algorithm: AlgorithmPlugin,
  parameters: Readonly<Record<string, unknown>>,
  source: PlanSource,
  { environment }: Combinations,
): Promise<readonly PlannedBackbone[]> {
  const search: BackboneSearch = { ...environment, hashes: source.hashes }
  const names: readonly string[] = algorithm.needs.backbones ?? []
  return Promise.all(
    names.map(async (parameter) => {
      const reference = String(parameters[parameter])
      return { parameter, reference, ...(await locateBackbone({ reference, algorithm: algorithm.id, parameter }, search)) }
    }),
  )
}

interface ChosenExperiment {
  readonly source: PlanSource
  readonly algorithm: Selected<AlgorithmPlugin>
  readonly algorithmParameters: Readonly<Record<string, unknown>>
  readonly paradigm: Selected<ParadigmPlugin>
  readonly paradigmParameters: Readonly<Record<string, unknown>>
  readonly category: string | null
  readonly seed: number
  readonly backbones: readonly PlannedBackbone[]
}

async function planExperiment(chosen: ChosenExperiment, { configuration, environment, metrics }: Combinations): Promise<PlannedExperiment> {
  const { source, algorithm, paradigm, category } = chosen
  const chosenCategories = category === null ? chosenOf(source.open.categories, configuration.categories) : null
  const wanted = chosenCategories ?? wantedCategories(source.open.categories, category, algorithm.plugin)
  const samples = await samplesFor(source, wanted, environment.signal)
  const textures = algorithm.plugin.needs.textures === true ? configuration.textureDirectory : null
  const inputs: ExperimentInputs = {
    schema: RECORD_SCHEMA,
    coreRevision: CORE_REVISION,
    dataset: { id: source.dataset.name, revision: source.dataset.plugin.revision, parameters: source.parameters },
    category,
    ...(chosenCategories === null ? {} : { categories: chosenCategories }),
    algorithm: { id: algorithm.name, revision: algorithm.plugin.revision, parameters: hashedParameters(chosen) },
    paradigm: { id: paradigm.name, revision: paradigm.plugin.revision, parameters: chosen.paradigmParameters },
    metrics: metrics.map(({ id, revision }) => ({ id, revision })),
    backbones: chosen.backbones.map(({ parameter, hashed }): HashedBackbone => ({ parameter, ...hashed })),
    ...(textures === null ? {} : { textures: await textureFingerprint(textures, source.hashes) }),
    engine: configuration.engine,
    device: configuration.device,
    budget: configuration.budget,
    frame: configuration.frame,
    seed: chosen.seed,
    dataFingerprint: dataFingerprint(samples),
  }
  const own = samples.filter(({ sample }) => category === null || sample.category === category)
  const anomalous = own.filter(({ sample }) => sample.label === 'anomalous').length
  const pictures = { normal: own.length - anomalous, anomalous }
  return {
    pictures,
    samples,
    estimatedSeconds: algorithm.plugin.estimateSeconds?.(chosen.algorithmParameters, { train: pictures.normal, test: anomalous }) ?? null,
    job: {
      hash: sha256(canonicalJson(inputs)),
      inputs,
      dataset: source.dataset.location,
      dataRoot: source.dataRoot,
      algorithm: algorithm.location,
      paradigm: paradigm.location,
      metrics: metrics.map((metric) => metric.location),
      backbones: Object.fromEntries(chosen.backbones.map(({ parameter, location }): [string, BackboneLocation] => [parameter, location])),
      textureDirectory: configuration.textureDirectory,
      retention: configuration.retention,
      timeLimitSeconds: configuration.timeLimitSeconds,
      memoryLimitBytes: configuration.memoryLimitBytes,
      threads: configuration.threads,
    },
  }
}

/** What the user chose for an experiment over several categories, in the dataset's order; `null` where that is all of them. */
function chosenOf(known: readonly string[], chosen: readonly string[] | null): readonly string[] | null {
  if (chosen === null || known.every((category) => chosen.includes(category))) return null
  return known.filter((category) => chosen.includes(category))
}

/** A backbone's path says where a file lies on this machine; what it holds is hashed beside it, so its name is enough here. */
function hashedParameters({ algorithmParameters, backbones }: ChosenExperiment): Readonly<Record<string, unknown>> {
  return { ...algorithmParameters, ...Object.fromEntries(backbones.map(({ parameter, hashed }) => [parameter, hashed.name])) }
}

async function samplesFor(
  source: PlanSource,
  categories: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly FingerprintedSample[]> {
  const samples: FingerprintedSample[] = []
  for (const name of categories) {
    const known = source.fingerprinted.get(name) ?? (await fingerprintSamples(await source.open.samples(name), source.hashes, signal))
    source.fingerprinted.set(name, known)
    samples.push(...known)
  }
  return samples
}

/** The same experiment asked for twice is one. */
function deduplicate(experiments: readonly PlannedExperiment[]): readonly PlannedExperiment[] {
  return [...new Map(experiments.map((experiment) => [experiment.job.hash, experiment])).values()]
}
