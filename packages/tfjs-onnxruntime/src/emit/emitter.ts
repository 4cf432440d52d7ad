import type { Ir } from '../graph/ir.ts'
import type { Emission } from './emission.ts'

/** Writes one graph node as ONNX nodes. */
export type Emitter = (emission: Emission, ir: Ir) => void

/** Emitters by the graph node's operator. */
export type Emitters = Readonly<Record<string, Emitter>>

/** Attributes of a graph node, seen as what its operator has. */
export function attributesOf<T>(ir: Ir): T {
  return ir.attributes as T
}
