import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import type { InputNormalization } from '@im-iad/core'
import { malformedDescription } from './errors.ts'

/** How a model wants its pictures. */
export interface Description extends InputNormalization {
  /** `null`: to be told from the model's input. */
  readonly layout: 'NCHW' | 'NHWC' | null
  /** What had to be assumed, a sentence each. */
  readonly notes: readonly string[]
}

/** ImageNet's mean and standard deviation (torchvision), in units of 0…255. */
const IMAGENET: InputNormalization = { mean: [0.485 * 255, 0.456 * 255, 0.406 * 255], std: [0.229 * 255, 0.224 * 255, 0.225 * 255] }

/**
 * Reads `<name>.json` beside `<name>.onnx`: `{ "mean": [r, g, b], "std": [r, g, b], "layout": "NCHW" | "NHWC" }`; without it, ImageNet's values with a note.
 * @throws ImIadError IM_IAD_E_ONNX_BACKBONE when it is there and malformed
 */
export async function readDescription(modelFile: string): Promise<Description> {
  const file = modelFile.slice(0, -extname(modelFile).length) + '.json'
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw malformedDescription(file, error.message)
  })
  if (text === null) {
    const note = `no ${basename(file)} beside the model, so ImageNet's normalisation is assumed (mean 123.675, 116.28, 103.53; std 58.395, 57.12, 57.375)`
    return { ...IMAGENET, layout: null, notes: [note] }
  }
  return parseDescription(text, file)
}

function parseDescription(text: string, file: string): Description {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw malformedDescription(file, error instanceof Error ? error.message : String(error))
  }
  if (typeof content !== 'object' || content === null) throw malformedDescription(file, 'it is not an object')
  const fields: Readonly<Record<string, unknown>> = { ...content }
  const { layout = null } = fields
  const mean = triple(fields['mean'], 'mean', file)
  const std = triple(fields['std'], 'std', file)
  if (std.some((value) => value <= 0)) throw malformedDescription(file, '"std" holds a value that is not positive')
  if (layout !== null && layout !== 'NCHW' && layout !== 'NHWC') throw malformedDescription(file, '"layout" is neither "NCHW" nor "NHWC"')
  return { mean, std, layout, notes: [] }
}

function triple(value: unknown, name: string, file: string): readonly [number, number, number] {
  if (Array.isArray(value) && value.length === 3) {
    const [red, green, blue]: readonly unknown[] = value
    if (typeof red === 'number' && typeof green === 'number' && typeof blue === 'number') return [red, green, blue]
  }
  throw malformedDescription(file, `"${name}" is not a list of three numbers, in units of 0…255`)
}
