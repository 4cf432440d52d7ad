import type { TensorEngine } from '@im-iad/nn'
import type { Body } from './body.ts'
import type { ResponseHead } from './head.ts'
import type { DevNetParameters } from './parameters.ts'

/** All that a score is computed with. */
export interface DevNetModel {
  readonly tf: TensorEngine
  readonly parameters: DevNetParameters
  readonly body: Body
  readonly head: ResponseHead
}
