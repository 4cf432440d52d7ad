import { readFileSync } from 'node:fs'
import { loadPlugin } from '@im-iad/core'
import type { PlacedBackbone } from '@im-iad/core/machinery'
import { describeRuntime } from '@im-iad/onnx'
import type { ModelDescription, ModelThreshold } from '../model/description.ts'
import type { OpenedModel } from '../open-model-folder.ts'
import type { ExportedTensor, ModelGraph } from './build-model-graph.ts'
import type { ExportDeviation } from './check-exported.ts'

/** The version of the JSON beside an exported model. */
export const EXPORT_SCHEMA = 1

export interface ExportedBackbone {
  readonly name: string
  readonly package: string
  readonly version: string
  readonly license: string
  /** `null` where nothing was trained, or nobody says on what. */
  readonly trainedOn: string | null
  /** Of the weights; `null` for a formula. */
  readonly sha256: string | null
}

/** What stands in the JSON beside an exported model. */
export interface ExportedDescription {
  readonly format: 'im-iad-onnx'
  readonly schema: typeof EXPORT_SCHEMA
  /** The ONNX file beside it. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly operatorSet: number
  readonly inputs: readonly ExportedTensor[]
  readonly outputs: readonly ExportedTensor[]
  readonly labels: readonly ['good', 'anomalous']
  /** `anomalous` when `score` is above `value`. */
  readonly threshold: ModelThreshold & { readonly rule: string }
  /** The values that heat maps are coloured between. */
  readonly heat: ModelDescription['heat']
  /** What is done inside the model before anything else. */
  readonly preprocessing: ModelDescription['input']
  readonly algorithm: ModelDescription['algorithm']
  readonly backbones: readonly ExportedBackbone[]
  readonly data: ModelDescription['data']
  /** How far the exported model was off the model itself on made-up pictures when it was exported, relative to the largest value. */
  readonly deviation: ExportDeviation
  readonly versions: { readonly predict: string; readonly node: string; readonly onnxruntime: string }
}

export interface DescriptionRequest {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly opened: OpenedModel
  readonly graph: ModelGraph
  readonly deviation: ExportDeviation
}

export async function describeExported({
  file,
  bytes,
  sha256,
  opened,
  graph,
  deviation,
}: DescriptionRequest): Promise<ExportedDescription> {
  const { algorithm, threshold, heat, input, data } = opened.description
  return {
    format: 'im-iad-onnx',
    schema: EXPORT_SCHEMA,
    file,
    bytes,
    sha256,
    operatorSet: graph.builder.operatorSet,
    inputs: graph.inputs,
    outputs: graph.outputs,
    labels: ['good', 'anomalous'],
    threshold: { ...threshold, rule: 'anomalous when score > value' },
    heat,
    preprocessing: input,
    algorithm,
    backbones: await Promise.all(opened.backbones.map(describeBackbone)),
    data,
    deviation,
    versions: { predict: ownVersion(), node: process.versions.node, onnxruntime: await describeRuntime() },
  }
}

async function describeBackbone({ location, hashed }: PlacedBackbone): Promise<ExportedBackbone> {
  const { license, weights } = await loadPlugin({ ...location.plugin, kind: 'backbone' })
  const published = weights.kind === 'download' || weights.kind === 'packaged' ? weights : null
  return {
    name: hashed.name,
    package: location.plugin.package,
    version: location.plugin.version,
    license: published?.license ?? license,
    trainedOn: published?.trainedOn ?? null,
    sha256: hashed.sha256,
  }
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }
  return version
}
