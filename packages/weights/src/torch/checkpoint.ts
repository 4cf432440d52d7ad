import type { ByteSource } from '../bytes/byte-source.ts'
import { damagedCheckpoint } from '../errors.ts'
import { codecOf } from '../numbers/element-type.ts'
import { elementCount, gather, spanOf } from '../numbers/strided.ts'
import type { PickleValue, TorchStorage, TorchTensor } from '../pickle/pickle-value.ts'
import type { StoredTensor, WeightsContent, WeightsFormat } from '../weights-file.ts'
import { findStateDict } from './state-dict.ts'

/** A PyTorch file whose pickle has been read. */
export interface Checkpoint {
  readonly name: string
  readonly format: WeightsFormat
  readonly root: PickleValue
  /** The bytes of a storage. @throws ImIadError IM_IAD_E_PYTORCH when it is not there or of another length than the pickle says */
  storage(storage: TorchStorage): Promise<ByteSource>
}

/** A tensor may name elements of its storage more than once (`expand`, stride 0), up to this many: a few bytes must not stand for gigabytes. */
const EXPANDED_LIMIT = 1 << 24

/** Names the tensors and checks each against its storage. @throws ImIadError IM_IAD_E_PYTORCH, naming file and tensor */
export function checkpointContent(checkpoint: Checkpoint, wanted: string | undefined): WeightsContent {
  const { name: file, format, root } = checkpoint
  const { key, tensors } = findStateDict(root, wanted, file)
  const stored = new Map<string, StoredTensor>()
  for (const [name, tensor] of tensors) {
    const problem = layoutProblem(tensor)
    if (problem !== null) throw damagedCheckpoint(file, `tensor "${name}" ${problem}`)
    stored.set(name, { type: tensor.storage.type, shape: tensor.shape, load: () => loadTensor(checkpoint, tensor) })
  }
  return { name: file, format, stateDict: key, metadata: new Map(), tensors: stored }
}

function layoutProblem(tensor: TorchTensor): string | null {
  const { shape, strides, offset, storage } = tensor
  const numbers = [offset, ...shape, ...strides]
  if (shape.length !== strides.length || !numbers.every((value) => Number.isSafeInteger(value) && value >= 0))
    return `has no sound layout: shape [${shape.join(', ')}], strides [${strides.join(', ')}], offset ${offset}`
  if (!(elementCount(shape) <= Math.max(storage.length, EXPANDED_LIMIT)))
    return `of shape [${shape.join(', ')}] expands a storage of ${storage.length} elements beyond ${EXPANDED_LIMIT}`
  const end = offset + spanOf(tensor)
  if (!(end <= storage.length))
    return `of shape [${shape.join(', ')}] and strides [${strides.join(', ')}] ends at element ${end} of a storage of ${storage.length}`
  return null
}

async function loadTensor(checkpoint: Checkpoint, tensor: TorchTensor): Promise<Float32Array> {
  const { type } = tensor.storage
  const { bytes } = codecOf(type)
  const storage = await checkpoint.storage(tensor.storage)
  const span = await storage.read(tensor.offset * bytes, spanOf(tensor) * bytes)
  return gather(span, tensor, type)
}
