import { noStateDict, severalStateDicts } from '../errors.ts'
import type { PickleDict, PickleValue, TorchTensor } from '../pickle/pickle-value.ts'

/** Named tensors, and the key that held them. */
export interface StateDict {
  /** `state_dict`, `model`, `a.b` for a dict in a dict; empty at the top. */
  readonly key: string
  readonly tensors: ReadonlyMap<string, TorchTensor>
}

/** Dicts in dicts that are looked into; optimisers' states lie four deep. */
const DEPTH_LIMIT = 5
/** Dicts can hold themselves, and one another many times over. */
const DICT_LIMIT = 100_000

/**
 * Finds the dict of named tensors: the one nearest to the top, since trainers put `{'state_dict': …}` or `{'model': …}` around it. Of several at one depth
 * (a model and its moving average, two networks) none is guessed.
 * @param wanted - the key of the one that is meant, when the caller says so
 * @throws ImIadError IM_IAD_E_PYTORCH, listing what there is
 */
export function findStateDict(root: PickleValue, wanted: string | undefined, file: string): StateDict {
  const found: StateDict[] = []
  let level: readonly (readonly [string, PickleDict])[] = isDict(root) ? [['', root]] : []
  for (let depth = 0; depth < DEPTH_LIMIT && level.length > 0; depth++) {
    for (const [key, dict] of level) {
      const tensors = tensorsOf(dict)
      if (tensors.size > 0) found.push({ key, tensors })
    }
    // Without a wish the nearest to the top is meant.
    if (wanted === undefined && found.length > 0) break
    level = innerDicts(level)
  }
  const chosen = wanted === undefined ? found : found.filter(({ key }) => key === wanted)
  const [first] = chosen
  if (chosen.length === 1 && first !== undefined) return first
  const keys = found.map(({ key }) => `"${key}"`)
  if (found.length > 0) throw severalStateDicts(file, keys)
  throw noStateDict(file, isDict(root) ? keysOf(root) : [])
}

function isDict(value: PickleValue): value is PickleDict {
  return typeof value === 'object' && value !== null && value.kind === 'dict'
}

function tensorsOf({ entries }: PickleDict): ReadonlyMap<string, TorchTensor> {
  const tensors = new Map<string, TorchTensor>()
  for (const [name, value] of entries)
    if (typeof name === 'string' && typeof value === 'object' && value !== null && value.kind === 'tensor') tensors.set(name, value)
  return tensors
}

function innerDicts(level: readonly (readonly [string, PickleDict])[]): readonly (readonly [string, PickleDict])[] {
  const inner: (readonly [string, PickleDict])[] = []
  for (const [key, { entries }] of level)
    for (const [name, value] of entries) {
      if (inner.length === DICT_LIMIT) return inner
      if (isDict(value)) inner.push([key === '' ? String(name) : `${key}.${String(name)}`, value])
    }
  return inner
}

function keysOf({ entries }: PickleDict): readonly string[] {
  return [...entries.keys()].slice(0, 20).map((key) => JSON.stringify(String(key)))
}
