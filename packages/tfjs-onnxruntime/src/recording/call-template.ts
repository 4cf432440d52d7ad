import type { Facts } from '../facts.ts'
import type { LazyValue } from './lazy-value.ts'
import { RecordedCall } from './recorded-call.ts'

/** Where an input or a result comes from: what the function is given, a value that is always the same, or an output of a call before. */
type Source = 'given' | LazyValue | { readonly call: number; readonly output: number }

interface CallTemplate extends Pick<RecordedCall, 'kernel' | 'attributes' | 'kind'> {
  readonly inputs: readonly (Source | null)[]
  readonly outputs: readonly Facts[]
}

/** Recorded calls that can be recorded again on another value. */
export interface Recording {
  readonly calls: readonly CallTemplate[]
  readonly results: readonly Source[]
}

/** What lies between a value and results; `null` when they depend on anything that changes: variables, or values that are still to be computed. */
export function recordingOf(given: LazyValue, results: readonly LazyValue[]): Recording | null {
  const calls: CallTemplate[] = []
  const places = new Map<RecordedCall, number>()
  let isConstant = true
  const sourceOf = (value: LazyValue): Source => {
    if (value === given) return 'given'
    if (value.call === null) {
      isConstant &&= !value.isVariable
      return value
    }
    return { call: places.get(value.call) ?? add(value.call), output: value.index }
  }
  // Inputs are added before the call itself: networks are some hundred calls deep, which recursion bears.
  const add = (call: RecordedCall): number => {
    const inputs = call.inputs.map((input) => (input === null ? null : sourceOf(input)))
    const outputs = call.outputs.map(({ shape, dtype }) => ({ shape, dtype }))
    calls.push({ kernel: call.kernel, attributes: call.attributes, kind: call.kind, inputs, outputs })
    places.set(call, calls.length - 1)
    return calls.length - 1
  }
  const sources = results.map(sourceOf)
  return isConstant ? { calls, results: sources } : null
}

/** Records the same calls on another value of the same shape and type. */
export function recordAgain({ calls, results }: Recording, given: LazyValue): readonly LazyValue[] {
  const made: RecordedCall[] = []
  const valueOf = (source: Source): LazyValue =>
    source === 'given' ? given : 'output' in source ? made[source.call].outputs[source.output] : source
  for (const { kernel, inputs, attributes, outputs, kind } of calls)
    made.push(
      new RecordedCall(
        kernel,
        inputs.map((input) => (input === null ? null : valueOf(input))),
        attributes,
        outputs,
        kind,
      ),
    )
  return results.map(valueOf)
}
