import type { Facts, Values } from '../facts.ts'
import type { Layout } from '../layout.ts'

/** Attributes of a graph node. */
export type IrAttributes = Readonly<Record<string, number | string | boolean | readonly number[] | readonly (readonly number[])[]>>

/** A node of the graph that is about to be compiled: immutable, one output; equal nodes are one node. */
export interface Ir extends Facts {
  readonly id: number
  readonly op: string
  readonly inputs: readonly Ir[]
  readonly attributes: IrAttributes
  /** The elements of a node `Constant`. */
  readonly values: Values | null
  /** For large constants of four axes that outlive the graph: gives their elements in a layout, and keeps them so. `values` may then be in any layout. */
  readonly stored: { elements(layout: Layout): Values } | null
}
