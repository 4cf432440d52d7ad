import type { InputGeometry } from './algorithm.ts'
import type { ParameterSchema } from './parameters.ts'
import type { PluginBase } from './plugin.ts'

export interface ExportRequest<Parameters> {
  readonly parameters: Parameters
  /** Which algorithm's model it is. */
  readonly algorithm: string
  /** The folder that the algorithm's `save` wrote. */
  readonly modelDirectory: string
  readonly input: InputGeometry
  /** Where to write; does not exist yet. */
  readonly destination: string
}

/** Writes a fitted model in a format that runs without im-iad. */
export interface ExporterPlugin<Parameters extends object = object> extends PluginBase {
  readonly kind: 'exporter'
  /** The file formats it writes: `onnx`. */
  readonly format: string
  readonly parameters: ParameterSchema<Parameters>
  /** The algorithms whose models it can write. */
  accepts(algorithm: string): boolean
  /** @returns the files written, relative to `destination` */
  export(request: ExportRequest<Parameters>): Promise<readonly string[]>
}
