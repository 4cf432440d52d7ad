import { join } from 'node:path'
import type { AlgorithmPlugin } from '../contracts/algorithm.ts'
import type { MetricPlugin } from '../contracts/metric.ts'
import type { ParadigmPlugin, Protocol, SampleFacts } from '../contracts/paradigm.ts'
import { markCopies } from '../copies/mark-copies.ts'
import { compareData, dataManifest, dataManifestFile, readDataManifest, type DataManifest } from '../dataset/data-manifest.ts'
import { openFileHashes } from '../dataset/file-hashes.ts'
import { dataFingerprint, fingerprintSamples, type FingerprintedSample } from '../dataset/sample-facts.ts'
import { wantedCategories } from '../dataset/wanted-categories.ts'
import { changedDataset } from '../errors/dataset-errors.ts'
import { homeDirectory } from '../home/home-directory.ts'
import { createRandomSource } from '../random/random-source.ts'
import { loadPlugin } from '../registry/registry.ts'
import { checkProtocol } from './leak-check.ts'
import { checkTrainingMasks } from './mask-check.ts'
import type { ReadableSample } from './framed-sample.ts'
import type { ExperimentJob } from './job.ts'

/** An experiment ready to be carried out. */
export interface LoadedExperiment {
  readonly job: ExperimentJob
  readonly algorithm: AlgorithmPlugin
  readonly metrics: readonly MetricPlugin[]
  readonly protocol: Protocol
  /** @throws RangeError for an id that the dataset does not have */
  readonly readable: (id: string) => ReadableSample
}

/**
 * Loads the plugins of a job, reads the dataset again, and lets the paradigm make its protocol.
 * @throws ImIadError IM_IAD_E_PLUGIN, IM_IAD_E_DATA_CHANGED when the data is not what was planned with, IM_IAD_E_LEAK
 */
export async function loadExperiment(job: ExperimentJob): Promise<LoadedExperiment> {
  const algorithm = await loadPlugin({ ...job.algorithm, kind: 'algorithm' })
  const paradigm = await loadPlugin({ ...job.paradigm, kind: 'paradigm' })
  const metrics = await Promise.all(job.metrics.map((metric) => loadPlugin({ ...metric, kind: 'metric' })))
  const { samples, categories } = await readSamples(job, algorithm)
  if (dataFingerprint(samples) !== job.inputs.dataFingerprint)
    throw changedDataset(job.inputs.dataset.id, await changesOf(job, dataManifest(samples)))
  const facts = await markCopies({
    samples,
    cacheDirectory: join(homeDirectory(), 'cache'),
    scope: job.dataRoot ?? job.inputs.dataset.id,
  })
  const factsById = new Map(facts.map((fact) => [fact.id, fact]))
  const protocol = makeProtocol(job, paradigm, categories, facts)
  checkProtocol(paradigm.id, protocol, factsById)
  checkTrainingMasks(algorithm, protocol, factsById)
  const byId = new Map(samples.map((sample) => [sample.facts.id, sample]))
  return { job, algorithm, metrics, protocol, readable: (id) => readableSample(byId.get(id), id) }
}

/** What changed since the plan; empty where its manifest can't be had. */
async function changesOf({ runDirectory, inputs }: ExperimentJob, now: DataManifest): Promise<readonly string[]> {
  const planned = await readDataManifest(dataManifestFile(runDirectory, inputs.dataFingerprint))
  return planned === null ? [] : compareData(planned, now)
}

async function readSamples(
  job: ExperimentJob,
  algorithm: AlgorithmPlugin,
): Promise<{ readonly samples: readonly FingerprintedSample[]; readonly categories: readonly string[] }> {
  const dataset = await loadPlugin({ ...job.dataset, kind: 'dataset' })
  const open = await dataset.open(job.dataRoot, job.inputs.dataset.parameters)
  const hashes = await openFileHashes(join(homeDirectory(), 'cache'), job.dataRoot ?? dataset.id)
  const { category, categories = open.categories } = job.inputs
  const samples: FingerprintedSample[] = []
  for (const name of wantedCategories(categories, category, algorithm))
    samples.push(...(await fingerprintSamples(await open.samples(name), hashes)))
  return { samples, categories }
}

function makeProtocol(
  job: ExperimentJob,
  paradigm: ParadigmPlugin,
  categories: readonly string[],
  facts: readonly SampleFacts[],
): Protocol {
  const { inputs } = job
  return paradigm.plan({
    parameters: inputs.paradigm.parameters,
    category: inputs.category,
    categories,
    samples: facts,
    random: createRandomSource(inputs.seed, 'paradigm'),
  })
}

function readableSample(found: FingerprintedSample | undefined, id: string): ReadableSample {
  if (found === undefined) throw new RangeError(`the dataset has no sample "${id}"`)
  return { sample: found.sample, sha256: found.facts.sha256, maskFingerprints: found.maskFingerprints }
}
