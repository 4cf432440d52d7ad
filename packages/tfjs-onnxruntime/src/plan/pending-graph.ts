import { intern, type RecordedCall } from '../recording/recorded-call.ts'
import type { LazyValue } from '../recording/lazy-value.ts'

/** How a value that is there already is treated: frozen ones and scalars are constants of the plan (scalars as long as they don't change), the others are fed. */
export type LeafSource = 'variable' | 'data' | 'scalar' | 'frozen'

/** The calls that some values still wait for. */
export interface PendingGraph {
  /** In an order in which they can be computed. */
  readonly calls: readonly RecordedCall[]
  /** Values that are there already, in the order in which they are met. */
  readonly leaves: readonly LazyValue[]
  /** What is to be computed. */
  readonly wanted: readonly LazyValue[]
  /** Equal for graphs of equal structure. */
  readonly signature: string
}

export function leafSource(value: LazyValue): LeafSource {
  if (value.frozenAs !== 0) return 'frozen'
  if (value.isVariable) return 'variable'
  return value.data?.length === 1 ? 'scalar' : 'data'
}

/** Collects what the values need, and describes its structure. Values on the way that the program still holds are computed for good too, so that nothing is computed twice. */
export function collectPending(values: readonly LazyValue[], keepsHeld = true): PendingGraph {
  const calls: RecordedCall[] = []
  const leaves: LazyValue[] = []
  const places = new Map<RecordedCall, number>()
  const leafPlaces = new Map<LazyValue, number>()
  const signature: number[] = []

  const refer = (value: LazyValue): void => {
    if (value.call !== null) {
      signature.push(places.get(value.call) ?? -1, value.index)
      return
    }
    let place = leafPlaces.get(value)
    if (place === undefined) {
      place = leaves.length
      leaves.push(value)
      leafPlaces.set(value, place)
    }
    signature.push(-2 - place, intern(`${leafSource(value)}${value.frozenAs}${value.dtype}${value.shape.join()}`))
  }

  const order = topological(values)
  const named = new Set(values)
  const isHeld = (output: LazyValue): boolean => output.call !== null && output.handles > 0 && !named.has(output)
  const wanted = keepsHeld ? [...values, ...order.flatMap(({ outputs }) => outputs.filter(isHeld))] : values
  for (const call of order) {
    places.set(call, calls.length)
    calls.push(call)
    signature.push(call.kind, call.inputs.length)
    for (const input of call.inputs) if (input !== null) refer(input)
  }
  signature.push(-1)
  for (const value of wanted) {
    refer(value)
    signature.push(Number(value.isVariable))
  }
  return { calls, leaves, wanted, signature: packed(signature) }
}

/** Depth first without recursion: graphs of thousands of layers are common. */
function topological(wanted: readonly LazyValue[]): readonly RecordedCall[] {
  const done = new Set<RecordedCall>()
  const order: RecordedCall[] = []
  const stack: { readonly call: RecordedCall; next: number }[] = []
  const enter = (call: RecordedCall | null): void => {
    if (call === null || done.has(call)) return
    done.add(call)
    stack.push({ call, next: 0 })
  }
  for (const value of wanted) {
    enter(value.call)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (top.next < top.call.inputs.length) enter(top.call.inputs[top.next++]?.call ?? null)
      else {
        order.push(top.call)
        stack.pop()
      }
    }
  }
  return order
}

/** Integers as text, two bytes a character: short, exact, and a good key of a map. */
function packed(numbers: readonly number[]): string {
  const halves = new Uint16Array(Int32Array.from(numbers).buffer)
  const parts: string[] = []
  for (let start = 0; start < halves.length; start += 4096) parts.push(String.fromCharCode(...halves.subarray(start, start + 4096)))
  return parts.join('')
}
