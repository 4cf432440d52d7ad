import type { ElementType } from '../numbers/element-type.ts'
import type { StridedLayout } from '../numbers/strided.ts'

/** What a pickle can hold here: data, and PyTorch's tensors. */
export type PickleValue = PickleKey | PickleTuple | PickleBytes | PickleList | PickleDict | PickleGlobal | TorchStorage | TorchTensor

/** Plain values, compared by value. */
export type PickleKey = null | boolean | number | bigint | string

export interface PickleTuple {
  readonly kind: 'tuple'
  readonly items: readonly PickleValue[]
}

export interface PickleBytes {
  readonly kind: 'bytes'
}

export interface PickleList {
  readonly kind: 'list'
  readonly items: PickleValue[]
}

export interface PickleDict {
  readonly kind: 'dict'
  readonly entries: Map<PickleKey, PickleValue>
}

/** A name of the allow-list; what it stands for is never looked up anywhere. */
export interface PickleGlobal {
  readonly kind: 'global'
  readonly name: string
}

/** A run of numbers that tensors share; it lies outside the pickle, under its key. */
export interface TorchStorage {
  readonly kind: 'storage'
  readonly type: ElementType
  readonly key: string
  /** In elements. */
  readonly length: number
}

/** As rebuilt from the pickle; whether it fits its storage is checked once its name is known. */
export interface TorchTensor extends StridedLayout {
  readonly kind: 'tensor'
  readonly storage: TorchStorage
}

/** What a value is, for messages. */
export function kindOf(value: PickleValue): string {
  if (value === null) return 'None'
  return typeof value === 'object' ? `a ${value.kind}` : `a ${typeof value}`
}
