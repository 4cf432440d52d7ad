import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, resolve } from 'node:path'
import { writeFileAtomically } from '@im-iad/core/machinery'
import { openModelFolder, type OpenModelOptions } from '../open-model-folder.ts'
import { buildModelGraph } from './build-model-graph.ts'
import { checkExported } from './check-exported.ts'
import { noOnnxFile, occupiedFile } from './export-errors.ts'
import { describeExported, type ExportedDescription } from './exported-description.ts'

export interface ExportModelRequest extends OpenModelOptions {
  /** The model folder. */
  readonly folder: string
  /** The file to write, whose name ends in `.onnx`; its description goes beside it, with the extension `.json`. */
  readonly file: string
  /** The most bytes that the model's constants may take; what one ONNX file may hold (2 GB) when absent. */
  readonly maximumBytes?: number
}

export interface ExportedModel {
  /** Absolute. */
  readonly file: string
  readonly descriptionFile: string
  readonly description: ExportedDescription
}

const EXTENSION = '.onnx'

/**
 * Writes a model as one ONNX file that takes pictures of any size and gives scores and maps, pre-processing included, and runs wherever ONNX does; and a JSON with its threshold beside it. Nothing
 * is written unless it gives what the model gives.
 * @throws ImIadError those of `loadModel`; IM_IAD_E_EXPORT, IM_IAD_E_ONNX_EMBED and IM_IAD_E_ONNX_SIZE when it can't be written as ONNX; IM_IAD_E_OUTPUT when something else is at `file`
 */
export async function exportModel({ folder, file, maximumBytes, ...options }: ExportModelRequest): Promise<ExportedModel> {
  const target = resolve(file)
  if (!target.endsWith(EXTENSION)) throw noOnnxFile(target)
  const descriptionFile = `${target.slice(0, target.length - EXTENSION.length)}.json`
  await checkReplaceable(target, descriptionFile)
  const opened = await openModelFolder(folder, options)
  try {
    const { plugin, instance, description: model, predictor } = opened
    const graph = await buildModelGraph(plugin, instance, model.input, maximumBytes === undefined ? {} : { maximumBytes })
    graph.builder.metadata(
      'im-iad',
      JSON.stringify({ algorithm: model.algorithm.id, threshold: model.threshold.value, data: model.data.fingerprint }),
    )
    const bytes = graph.builder.build()
    const [batch] = graph.inputs[0]?.shape ?? []
    const deviation = await checkExported(bytes, predictor, model.input, {
      batch: typeof batch === 'number' ? batch : 1,
      threads: options.threads ?? availableParallelism(),
    })
    const description = await describeExported({
      file: basename(target),
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      opened,
      graph,
      deviation,
    })
    await writeFileAtomically(target, bytes)
    await writeFileAtomically(descriptionFile, `${JSON.stringify(description, null, 2)}\n`)
    return { file: target, descriptionFile, description }
  } finally {
    await opened.dispose()
  }
}

/** An ONNX file with a JSON beside it may well be somebody's backbone. */
async function checkReplaceable(file: string, descriptionFile: string): Promise<void> {
  const found = await Promise.all([file, descriptionFile].map((path) => stat(path).catch(() => null)))
  if (found.every((one) => one === null)) return
  const text = await readFile(descriptionFile, 'utf8').catch(() => '')
  if (!isExportedDescription(text)) throw occupiedFile(file)
}

function isExportedDescription(text: string): boolean {
  try {
    const content: unknown = JSON.parse(text)
    return typeof content === 'object' && content !== null && 'format' in content && content.format === 'im-iad-onnx'
  } catch {
    return false
  }
}
