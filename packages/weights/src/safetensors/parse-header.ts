import { damagedSafetensors } from '../errors.ts'
import { codecOf, ELEMENT_TYPES, isElementType, type ElementType } from '../numbers/element-type.ts'
import { elementCount } from '../numbers/strided.ts'
import { duplicateKey } from './duplicate-key.ts'

/** A tensor as the header describes it; offsets are in bytes from the first value. */
export interface TensorEntry {
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly from: number
  readonly to: number
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * Reads and checks a header: the values must be covered exactly once, as the format says (https://github.com/huggingface/safetensors#format).
 * @param valueBytes - how many bytes follow the header
 * @throws ImIadError IM_IAD_E_SAFETENSORS, naming the file and the tensor
 */
export function parseHeader(bytes: Uint8Array, valueBytes: number, path: string): SafetensorsHeader {
  const header = parseJson(bytes, path)
  const tensors = new Map<string, TensorEntry>()
  let metadata: ReadonlyMap<string, string> = new Map()
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') metadata = parseMetadata(entry, path)
    else tensors.set(name, parseEntry(name, entry, valueBytes, path))
  }
  checkCoverage(tensors, valueBytes, path)
  return { tensors, metadata }
}

function parseJson(bytes: Uint8Array, path: string): object {
  let header: unknown
  let text = ''
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    header = JSON.parse(text)
  } catch {
    // Said below, for text that is no JSON as well as for JSON that is no object.
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw damagedSafetensors(path, 'its header is no JSON object')
  const twice = duplicateKey(text)
  if (twice !== null) throw damagedSafetensors(path, `its header names "${twice}" twice`)
  return header
}

function parseMetadata(value: unknown, path: string): ReadonlyMap<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : null
  if (entries === null || !entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
    throw damagedSafetensors(path, 'its "__metadata__" is not an object of texts')
  return new Map(entries)
}

function parseEntry(name: string, entry: unknown, valueBytes: number, path: string): TensorEntry {
  const fields: Readonly<Record<string, unknown>> = typeof entry === 'object' && entry !== null ? { ...entry } : {}
  const { dtype, shape, data_offsets: offsets } = fields
  if (!isElementType(dtype))
    throw damagedSafetensors(path, `tensor "${name}" is of type ${JSON.stringify(dtype)}; ${ELEMENT_TYPES.join(', ')} are read`)
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2)
    throw damagedSafetensors(path, `tensor "${name}" has no shape or offsets`)
  const [from = 0, to = 0] = offsets
  const fits = to <= valueBytes && to - from === elementCount(shape) * codecOf(dtype).bytes
  if (!fits)
    throw damagedSafetensors(
      path,
      `tensor "${name}" of type ${dtype} and shape [${shape.join(', ')}] does not fit its offsets ${from} to ${to} in ${valueBytes} bytes of values`,
    )
  return { type: dtype, shape, from, to }
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

/** Overlapping tensors and unnamed bytes hide content from other readers; neither is made by any writer. */
function checkCoverage(tensors: ReadonlyMap<string, TensorEntry>, valueBytes: number, path: string): void {
  const inOrder = [...tensors].toSorted(([, a], [, b]) => a.from - b.from || a.to - b.to)
  let end = 0
  let last = ''
  for (const [name, { from, to }] of inOrder) {
    if (from < end) throw damagedSafetensors(path, `tensor "${name}" overlaps tensor "${last}" at bytes ${from} to ${Math.min(end, to)}`)
    if (from > end) throw damagedSafetensors(path, `no tensor names bytes ${end} to ${from}, before tensor "${name}"`)
    end = to
    last = name
  }
  if (end !== valueBytes) throw damagedSafetensors(path, `no tensor names bytes ${end} to ${valueBytes}, the last of the file`)
}
