import { isImIadError, nearest } from '@im-iad/errors'
import { forbiddenName, notNumbers, tooLarge, unknownTensor } from './errors.ts'
import type { ElementType } from './numbers/element-type.ts'
import { elementCount } from './numbers/strided.ts'

/** What a file says of one tensor. */
export interface TensorFacts {
  /** Sizes by axis; empty for a single number. */
  readonly shape: readonly number[]
  /** As stored; {@link WeightsFile.read} gives float32 whatever it is. */
  readonly type: ElementType
}

export type WeightsFormat = 'safetensors' | 'pytorch-zip' | 'pytorch-legacy'

/** An open file of weights. Tensors are read when they are asked for. */
export interface WeightsFile {
  /** The file, and the member where it is an archive: for messages. */
  readonly name: string
  readonly format: WeightsFormat
  /** The key that held the tensors in a nested PyTorch file (`state_dict`, `model`); empty where they lie at the top. */
  readonly stateDict: string
  /** Free text of safetensors' `__metadata__`; empty elsewhere. */
  readonly metadata: ReadonlyMap<string, string>
  readonly tensors: ReadonlyMap<string, TensorFacts>
  /**
   * A tensor's values in row-major order, as float32: float64 and integers beyond 2^24 are rounded. Infinities pass, since masks hold them.
   * @throws ImIadError IM_IAD_E_TENSOR, naming file and tensor: unknown, holding NaN, or too large for this process; the format's code when it is damaged
   */
  read(name: string): Promise<Float32Array>
  close(): Promise<void>
}

/** A tensor, and how its values are got. */
export interface StoredTensor extends TensorFacts {
  load(): Promise<Float32Array>
}

export interface WeightsContent extends Omit<WeightsFile, 'tensors' | 'read' | 'close'> {
  readonly tensors: ReadonlyMap<string, StoredTensor>
}

/** Wraps what a format's reader found. @throws ImIadError IM_IAD_E_TENSOR for a name that is a trap for programs */
export function weightsFile(content: WeightsContent, close: () => Promise<void>): WeightsFile {
  const { name: file, tensors } = content
  // As a key of a plain object it would set that object's prototype; no network names a parameter so.
  if (tensors.has('__proto__')) throw forbiddenName(file, '__proto__')
  return {
    ...content,
    async read(name) {
      const tensor = tensors.get(name)
      if (tensor === undefined) throw unknownTensor(file, name, nearest(name, tensors.keys()), tensors.size)
      const values = await load(file, name, tensor)
      checkNumbers(file, name, values)
      return values
    },
    close,
  }
}

async function load(file: string, name: string, tensor: StoredTensor): Promise<Float32Array> {
  try {
    return await tensor.load()
  } catch (error) {
    // V8 throws RangeError where it can't allocate.
    if (error instanceof RangeError && !isImIadError(error)) throw tooLarge(file, name, tensor.shape, elementCount(tensor.shape) * 4, error)
    throw error
  }
}

function checkNumbers(file: string, name: string, values: Float32Array): void {
  let count = 0
  let first = 0
  for (let index = values.length - 1; index >= 0; index--)
    if (Number.isNaN(values[index])) {
      count++
      first = index
    }
  if (count > 0) throw notNumbers(file, name, count, values.length, first)
}
