import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'

/** Adam (Kingma and Ba, 2015) with L2 weight decay added to the gradient, or AdamW (Loshchilov and Hutter, 2019) with decoupled decay, as PyTorch has them. */
export interface AdamSettings {
  readonly kind: 'adam' | 'adamw'
  readonly learningRate: number
  /** 0.9 and 0.999 when absent. */
  readonly betas?: readonly [number, number]
  /** 1e-8 when absent. */
  readonly epsilon?: number
  /** 0 when absent, for `adamw` too: PyTorch's default there is 0.01. */
  readonly weightDecay?: number
}

/** Stochastic gradient descent as PyTorch has it, without dampening. */
export interface SgdSettings {
  readonly kind: 'sgd'
  readonly learningRate: number
  /** 0 when absent. */
  readonly momentum?: number
  readonly nesterov?: boolean
  /** L2, added to the gradient; 0 when absent. */
  readonly weightDecay?: number
}

export type OptimizerSettings = AdamSettings | SgdSettings

/** What one variable's update works with. */
export interface VariableUpdate {
  readonly tf: TensorEngine
  readonly variable: Variable
  readonly gradient: Tensor
  /** By the slot's name. */
  readonly slots: ReadonlyMap<string, Variable>
  /** Numbers that change from step to step, as tensors of one element: a compiling engine must feed them, not fold them in. */
  readonly number: (value: number) => Tensor
  /** Which step of this variable it is, from 1. */
  readonly step: number
  readonly learningRate: number
}
