import { byteCursor } from './byte-cursor.ts'
import { opcodeName } from './opcode-names.ts'
import { OPERATIONS } from './operations.ts'
import { pickleMachine, type PickleHost } from './pickle-machine.ts'
import type { PickleValue } from './pickle-value.ts'

export interface ReadPickle {
  readonly value: PickleValue
  /** The place behind its STOP. */
  readonly end: number
}

const STOP = '.'.charCodeAt(0)

/**
 * Reads one pickle as data. It is a small stack machine over an allow-list of instructions; calls and names are answered by `host`, which rebuilds tensors
 * and knows nothing else. Recursion is not used, so that depth costs nothing but memory, which is limited.
 * @throws PickleEnds when the bytes end first, PickleFault when it is malformed or over a limit, and what `host` throws
 */
export function readPickle(bytes: Uint8Array, start: number, host: PickleHost): ReadPickle {
  const cursor = byteCursor(bytes, start)
  const machine = pickleMachine(cursor, host)
  for (;;) {
    const position = cursor.position()
    const code = cursor.take(1).getUint8(0)
    if (code === STOP) return { value: machine.pop(), end: cursor.position() }
    const operation = OPERATIONS.get(code)
    if (operation === undefined) host.refuse(`the instruction ${opcodeName(code)} at byte ${position}`)
    else operation(machine)
  }
}
