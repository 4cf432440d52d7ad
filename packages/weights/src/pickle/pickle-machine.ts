import { PickleFault, type ByteCursor } from './byte-cursor.ts'
import type { PickleValue } from './pickle-value.ts'

/** The pickle's names and calls, answered from an allow-list. */
export interface PickleHost {
  /** @throws an error that names what was refused */
  readonly global: (name: string, position: number) => PickleValue
  readonly call: (callee: PickleValue, parameters: readonly PickleValue[], machine: PickleMachine) => PickleValue
  readonly persistent: (id: PickleValue, machine: PickleMachine) => PickleValue
  /** Refuses an instruction by its name. */
  readonly refuse: (what: string) => never
}

/** A stack machine's state while it reads one pickle. Nothing in it can run code: it moves values about. */
export interface PickleMachine {
  readonly cursor: ByteCursor
  readonly host: PickleHost
  readonly push: (value: PickleValue) => void
  readonly pop: () => PickleValue
  readonly mark: () => void
  /** Everything since the last mark, which goes too. */
  readonly popToMark: () => readonly PickleValue[]
  readonly remember: (index: number) => void
  readonly recall: (index: number) => void
  readonly memoSize: () => number
  /** Counts values made or copied. @throws PickleFault over the limit: few bytes must not fill the memory */
  readonly spend: (values: number) => void
}

/** A checkpoint of ten thousand tensors needs less than half of it; so many empty dicts take 300 MB. */
const VALUE_LIMIT = 1_000_000
const MARK_LIMIT = 1_000

export function pickleMachine(cursor: ByteCursor, host: PickleHost): PickleMachine {
  const stack: PickleValue[] = []
  const marks: number[] = []
  const memo = new Map<number, PickleValue>()
  let left = VALUE_LIMIT
  const spend = (values: number): void => {
    left -= values
    if (left < 0) throw new PickleFault(`it makes more than ${VALUE_LIMIT} values`)
  }
  return {
    cursor,
    host,
    push(value) {
      spend(1)
      stack.push(value)
    },
    pop() {
      const value = stack.length > (marks.at(-1) ?? 0) ? stack.pop() : undefined
      if (value === undefined) throw new PickleFault(`an instruction before byte ${cursor.position()} takes a value that is not there`)
      return value
    },
    mark() {
      if (marks.length === MARK_LIMIT) throw new PickleFault(`it nests deeper than ${MARK_LIMIT}`)
      marks.push(stack.length)
    },
    popToMark() {
      const height = marks.pop()
      if (height === undefined) throw new PickleFault(`an instruction before byte ${cursor.position()} wants a mark that is not there`)
      return stack.splice(height)
    },
    remember(index) {
      const value = stack.length > (marks.at(-1) ?? 0) ? stack.at(-1) : undefined
      if (value === undefined) throw new PickleFault(`nothing to remember before byte ${cursor.position()}`)
      memo.set(index, value)
      spend(1)
    },
    recall(index) {
      const value = memo.get(index)
      if (value === undefined) throw new PickleFault(`it recalls number ${index}, which it has not remembered`)
      spend(1)
      stack.push(value)
    },
    memoSize: () => memo.size,
    spend,
  }
}
