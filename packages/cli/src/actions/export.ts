import { basename, resolve } from 'node:path'
import { exportModel } from '@im-iad/predict'
import type { ExportFlags } from '../commands/export.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'

/** `im-iad export`. */
export async function exportAction(this: ImIadContext, flags: ExportFlags, folder: string): Promise<void> {
  const { workingDirectory } = this
  const model = resolve(workingDirectory, folder)
  const { threads } = flags
  const exported = await exportModel({
    folder: model,
    file: resolve(workingDirectory, flags.onnx === '' ? `${basename(model)}.onnx` : flags.onnx),
    registry: findPlugins(this, flags.plugin ?? []),
    ...(threads === undefined ? {} : { threads }),
  })
  const { description, descriptionFile, file } = exported
  if (flags.json) return this.print(JSON.stringify({ ...description, file, descriptionFile }))
  const { deviation, threshold, inputs, outputs, backbones } = description
  this.print(`model        ${file} (${megabytes(description.bytes)}, operator set ${description.operatorSet})`)
  this.print(`description  ${descriptionFile}`)
  for (const { name, type, shape } of inputs) this.print(`input        ${name}: ${type} [${shape.join(', ')}]`)
  for (const { name, type, shape } of outputs) this.print(`output       ${name}: ${type} [${shape.join(', ')}]`)
  this.print(`threshold    ${threshold.value}\n             ${threshold.statement}`)
  for (const { name, license } of backbones) this.print(`backbone     ${name}, licence: ${license}`)
  this.print(`checked      score off by ${shownDeviation(deviation.score)}, map by ${shownDeviation(deviation.map)}, of the largest value`)
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function shownDeviation(deviation: number | null): string {
  return deviation === null ? 'nothing, there is none' : deviation === 0 ? '0' : deviation.toExponential(1)
}
