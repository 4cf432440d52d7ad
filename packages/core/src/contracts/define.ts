import type { AlgorithmPlugin } from './algorithm.ts'
import type { BackbonePlugin } from './backbone.ts'
import type { DatasetPlugin } from './dataset.ts'
import type { ExecutorPlugin } from './executor.ts'
import type { ExporterPlugin } from './exporter.ts'
import type { EvaluationMetric, SequenceMetric } from './metric.ts'
import type { ParadigmPlugin } from './paradigm.ts'

/** What a plugin's author writes. `contract` is theirs to state: it says what the plugin was written for, not which core is installed. */
type Definition<Plugin> = Omit<Plugin, 'kind'>

/** A dataset plugin for this contract; types are inferred and nothing runs. */
export function defineDataset<Parameters extends object>(definition: Definition<DatasetPlugin<Parameters>>): DatasetPlugin<Parameters> {
  return { ...definition, kind: 'dataset' }
}

/** An algorithm plugin for this contract; types are inferred and nothing runs. */
export function defineAlgorithm<Parameters extends object>(
  definition: Definition<AlgorithmPlugin<Parameters>>,
): AlgorithmPlugin<Parameters> {
  return { ...definition, kind: 'algorithm' }
}

/** A paradigm plugin for this contract; types are inferred and nothing runs. */
export function defineParadigm<Parameters extends object>(definition: Definition<ParadigmPlugin<Parameters>>): ParadigmPlugin<Parameters> {
  return { ...definition, kind: 'paradigm' }
}

/** A metric of single evaluations for this contract; nothing runs. */
export function defineMetric(definition: Definition<EvaluationMetric>): EvaluationMetric {
  return { ...definition, kind: 'metric' }
}

/** A metric of sequences of tasks for this contract; nothing runs. */
export function defineSequenceMetric(definition: Definition<SequenceMetric>): SequenceMetric {
  return { ...definition, kind: 'metric' }
}

/** A backbone plugin for this contract; nothing runs. */
export function defineBackbone(definition: Definition<BackbonePlugin>): BackbonePlugin {
  return { ...definition, kind: 'backbone' }
}

/** An executor plugin for this contract; types are inferred and nothing runs. */
export function defineExecutor<Parameters extends object>(definition: Definition<ExecutorPlugin<Parameters>>): ExecutorPlugin<Parameters> {
  return { ...definition, kind: 'executor' }
}

/** An exporter plugin for this contract; types are inferred and nothing runs. */
export function defineExporter<Parameters extends object>(definition: Definition<ExporterPlugin<Parameters>>): ExporterPlugin<Parameters> {
  return { ...definition, kind: 'exporter' }
}
