import { refusedPickle } from '../errors.ts'
import type { ElementType } from '../numbers/element-type.ts'
import { PickleFault } from '../pickle/byte-cursor.ts'
import { putItems } from '../pickle/operations.ts'
import type { PickleHost, PickleMachine } from '../pickle/pickle-machine.ts'
import { kindOf, type PickleDict, type PickleValue, type TorchStorage, type TorchTensor } from '../pickle/pickle-value.ts'

/** Storages that are read, by their Python names. */
const STORAGES: ReadonlyMap<string, ElementType> = new Map([
  ['torch.FloatStorage', 'F32'],
  ['torch.DoubleStorage', 'F64'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.LongStorage', 'I64'],
  ['torch.IntStorage', 'I32'],
  ['torch.ShortStorage', 'I16'],
  ['torch.CharStorage', 'I8'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'BOOL'],
])

type Call = (parameters: readonly PickleValue[], machine: PickleMachine) => PickleValue

/** The only calls that are answered: they put together data. */
const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['collections.OrderedDict', orderedDict],
  ['torch.Size', ([items]) => (isKind(items, 'tuple') ? items : malformed('torch.Size'))],
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_parameter', ([data]) => (isKind(data, 'tensor') ? data : malformed('torch._utils._rebuild_parameter'))],
])

/** Answers a PyTorch pickle's names and calls. @param name - the file, for messages */
export function torchHost(name: string): PickleHost {
  const refuse = (what: string): never => {
    throw refusedPickle(name, `it has ${what}`)
  }
  return {
    refuse,
    global(global, position) {
      if (CALLS.has(global) || STORAGES.has(global)) return { kind: 'global', name: global }
      throw refusedPickle(name, `it asks for the global "${printable(global)}" at byte ${position}`)
    },
    call(callee, parameters, machine) {
      const call = isKind(callee, 'global') ? CALLS.get(callee.name) : undefined
      if (call === undefined) return refuse(`a call of ${isKind(callee, 'global') ? `"${callee.name}"` : kindOf(callee)}`)
      return call(parameters, machine)
    },
    persistent: storageOf,
  }
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200)
}

/** Without parameters, or with Python 2's list of pairs. */
function orderedDict(parameters: readonly PickleValue[], { spend }: PickleMachine): PickleDict {
  const dict: PickleDict = { kind: 'dict', entries: new Map() }
  const [pairs, ...more] = parameters
  if (pairs === undefined) return dict
  if (!isKind(pairs, 'list') || more.length > 0) return malformed('collections.OrderedDict')
  spend(pairs.items.length)
  for (const pair of pairs.items) {
    if (!isKind(pair, 'tuple') && !isKind(pair, 'list')) return malformed('collections.OrderedDict')
    if (pair.items.length !== 2) return malformed('collections.OrderedDict')
    putItems(dict.entries, pair.items)
  }
  return dict
}

/** `(storage, offset, size, stride, …)`; whether it requires gradients, hooks and metadata are of no use here. */
function rebuildTensor([storage, offset, shape, strides]: readonly PickleValue[]): TorchTensor {
  if (!isKind(storage, 'storage') || typeof offset !== 'number') return malformed('torch._utils._rebuild_tensor_v2')
  return { kind: 'tensor', storage, offset, shape: sizes(shape), strides: sizes(strides) }
}

/** More axes than any network's parameters have. */
const AXES_LIMIT = 64

function sizes(value: PickleValue | undefined): readonly number[] {
  if (!isKind(value, 'tuple') || value.items.length > AXES_LIMIT) return malformed('torch._utils._rebuild_tensor_v2')
  const numbers = value.items.filter((item): item is number => typeof item === 'number')
  return numbers.length === value.items.length ? numbers : malformed('torch._utils._rebuild_tensor_v2')
}

/** `('storage', type, key, device, length)`, with a sixth member `None` in the legacy layout. */
function storageOf(id: PickleValue, { host }: PickleMachine): TorchStorage {
  const [tag, type, key, device, length, view = null] = isKind(id, 'tuple') ? id.items : []
  const elementType = isKind(type, 'global') ? STORAGES.get(type.name) : undefined
  if (tag !== 'storage' || elementType === undefined || typeof key !== 'string' || typeof device !== 'string') return malformed('a storage')
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) return malformed('a storage')
  if (view !== null) return host.refuse('a view of a storage, as PyTorch before 0.4 wrote it')
  return { kind: 'storage', type: elementType, key, length }
}

function isKind<Kind extends KindOfValue>(
  value: PickleValue | undefined,
  kind: Kind,
): value is Extract<PickleValue, { readonly kind: Kind }> {
  return typeof value === 'object' && value !== null && value.kind === kind
}

type KindOfValue = Extract<PickleValue, object>['kind']

function malformed(what: string): never {
  throw new PickleFault(`it gives ${what} other parameters than PyTorch does`)
}
