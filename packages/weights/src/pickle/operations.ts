import { PickleFault } from './byte-cursor.ts'
import type { PickleMachine } from './pickle-machine.ts'
import { kindOf, type PickleKey, type PickleValue } from './pickle-value.ts'

/** Longer whole numbers than this stand in no checkpoint. */
const INTEGER_BYTES = 64

const text =
  (lengthBytes: 1 | 4 | 8, encoding: 'utf-8' | 'latin1') =>
  ({ cursor, push }: PickleMachine): void =>
    push(cursor.text(cursor.length(lengthBytes), encoding))

const bytes =
  (lengthBytes: 1 | 4 | 8) =>
  ({ cursor, push }: PickleMachine): void => {
    cursor.take(cursor.length(lengthBytes))
    push({ kind: 'bytes' })
  }

const integer =
  (lengthBytes: 1 | 4) =>
  ({ cursor, push }: PickleMachine): void =>
    push(longInteger(cursor.take(integerLength(cursor.length(lengthBytes)))))

const tuple =
  (length: number) =>
  ({ pop, push }: PickleMachine): void => {
    const items: PickleValue[] = []
    for (let index = 0; index < length; index++) items.unshift(pop())
    push({ kind: 'tuple', items })
  }

/** The instructions that are carried out, by their byte. All others are refused by name. */
export const OPERATIONS: ReadonlyMap<number, (machine: PickleMachine) => void> = new Map(
  Object.entries<(machine: PickleMachine) => void>({
    '\x80': ({ cursor }) => {
      const protocol = cursor.take(1).getUint8(0)
      if (protocol > 5) throw new PickleFault(`its pickle protocol is ${protocol}; 5 is the latest known`)
    },
    '\x95': ({ cursor }) => void cursor.take(8),
    N: ({ push }) => push(null),
    '\x88': ({ push }) => push(true),
    '\x89': ({ push }) => push(false),
    K: ({ push, cursor }) => push(cursor.take(1).getUint8(0)),
    M: ({ push, cursor }) => push(cursor.take(2).getUint16(0, true)),
    J: ({ push, cursor }) => push(cursor.take(4).getInt32(0, true)),
    G: ({ push, cursor }) => push(cursor.take(8).getFloat64(0, false)),
    '\x8a': integer(1),
    '\x8b': integer(4),
    X: text(4, 'utf-8'),
    '\x8c': text(1, 'utf-8'),
    '\x8d': text(8, 'utf-8'),
    // What Python 2 wrote for its str.
    U: text(1, 'latin1'),
    T: text(4, 'latin1'),
    C: bytes(1),
    B: bytes(4),
    '\x8e': bytes(8),
    ')': ({ push }) => push({ kind: 'tuple', items: [] }),
    '\x85': tuple(1),
    '\x86': tuple(2),
    '\x87': tuple(3),
    t: ({ push, popToMark }) => push({ kind: 'tuple', items: popToMark() }),
    ']': ({ push }) => push({ kind: 'list', items: [] }),
    '}': ({ push }) => push({ kind: 'dict', entries: new Map() }),
    '(': ({ mark }) => mark(),
    a: (machine) => append(machine, [machine.pop()]),
    e: (machine) => append(machine, machine.popToMark()),
    s: (machine) => {
      const value = machine.pop()
      setItems(machine, [machine.pop(), value])
    },
    u: (machine) => setItems(machine, machine.popToMark()),
    q: ({ cursor, remember }) => remember(cursor.take(1).getUint8(0)),
    r: ({ cursor, remember }) => remember(cursor.take(4).getUint32(0, true)),
    '\x94': ({ memoSize, remember }) => remember(memoSize()),
    h: ({ cursor, recall }) => recall(cursor.take(1).getUint8(0)),
    j: ({ cursor, recall }) => recall(cursor.take(4).getUint32(0, true)),
    c: ({ cursor, host, push }) => {
      const position = cursor.position()
      const module = cursor.line()
      push(host.global(`${module}.${cursor.line()}`, position))
    },
    '\x93': ({ cursor, host, pop, push }) => {
      const name = pop()
      const module = pop()
      if (typeof name !== 'string' || typeof module !== 'string') throw new PickleFault('it names a global by something other than text')
      push(host.global(`${module}.${name}`, cursor.position()))
    },
    Q: (machine) => machine.push(machine.host.persistent(machine.pop(), machine)),
    R: (machine) => {
      const parameters = machine.pop()
      if (!isTuple(parameters)) throw new PickleFault(`it calls something with ${kindOf(parameters)} for parameters`)
      machine.push(machine.host.call(machine.pop(), parameters.items, machine))
    },
    b: build,
  }).map(([character, run]) => [character.charCodeAt(0), run]),
)

/** `state_dict()` hangs `_metadata` (versions of layers) on its OrderedDict; it is left out. Any other object's state is refused. */
function build({ pop, push, host }: PickleMachine): void {
  const state = pop()
  const target = pop()
  const isDict = typeof target === 'object' && target !== null && target.kind === 'dict'
  const isAttributes = typeof state === 'object' && state !== null && state.kind === 'dict'
  if (!isDict || !isAttributes) host.refuse(`the instruction BUILD on ${kindOf(target)}`)
  push(target)
}

function isTuple(value: PickleValue): value is Extract<PickleValue, { readonly kind: 'tuple' }> {
  return typeof value === 'object' && value !== null && value.kind === 'tuple'
}

function append({ pop, push }: PickleMachine, items: readonly PickleValue[]): void {
  const list = pop()
  if (typeof list !== 'object' || list === null || list.kind !== 'list') throw new PickleFault(`it appends to ${kindOf(list)}`)
  for (const item of items) list.items.push(item)
  push(list)
}

function setItems({ pop, push }: PickleMachine, items: readonly PickleValue[]): void {
  const dict = pop()
  if (typeof dict !== 'object' || dict === null || dict.kind !== 'dict') throw new PickleFault(`it sets items of ${kindOf(dict)}`)
  putItems(dict.entries, items)
  push(dict)
}

/** Keys and values in turn. @throws PickleFault for a key that is not a plain value */
export function putItems(entries: Map<PickleKey, PickleValue>, items: readonly PickleValue[]): void {
  if (items.length % 2 !== 0) throw new PickleFault('it sets a key without a value')
  for (let index = 0; index < items.length; index += 2) {
    const key = items[index]
    const value = items[index + 1]
    if (value === undefined || key === undefined || (typeof key === 'object' && key !== null))
      throw new PickleFault(`a dict has ${key === undefined ? 'nothing' : kindOf(key)} for a key`)
    entries.set(key, value)
  }
}

function integerLength(length: number): number {
  if (length > INTEGER_BYTES) throw new PickleFault(`it has a whole number of ${length} bytes`)
  return length
}

/** Two's complement, little-endian; a number where that is exact. */
function longInteger(view: DataView): number | bigint {
  let value = 0n
  for (let index = view.byteLength - 1; index >= 0; index--) value = (value << 8n) | BigInt(view.getUint8(index))
  const signed = BigInt.asIntN(view.byteLength * 8, value)
  const number = Number(signed)
  return Number.isSafeInteger(number) ? number : signed
}
