import type { Variable } from '@tensorflow/tfjs-core'

/** A slot that the optimiser made for its own kind of update. */
export function requireSlot(slots: ReadonlyMap<string, Variable>, name: string): Variable {
  const slot = slots.get(name)
  if (slot === undefined) throw new RangeError(`an optimiser's variable has no "${name}"`)
  return slot
}
