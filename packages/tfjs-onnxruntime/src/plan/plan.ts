import type { Runtime } from '@im-iad/onnx'
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node'
import { refusedModel } from '../errors.ts'
import { allocate, sizeOf, type Values } from '../facts.ts'
import type { LazyValue } from '../recording/lazy-value.ts'
import { emitModel, type PlanInput, type PlanOutput } from './emit-model.ts'
import { lowerGraph, type LeafRole } from './lower-graph.ts'
import { leafSource, type PendingGraph } from './pending-graph.ts'

/** A compiled graph. */
export class Plan {
  readonly #runtime: Runtime
  readonly #session: InferenceSession
  readonly #inputs: readonly PlanInput[]
  readonly #outputs: readonly PlanOutput[]

  private constructor(runtime: Runtime, session: InferenceSession, inputs: readonly PlanInput[], outputs: readonly PlanOutput[]) {
    this.#runtime = runtime
    this.#session = session
    this.#inputs = inputs
    this.#outputs = outputs
  }

  /** @throws ImIadError IM_IAD_E_ONNX_ENGINE when ONNX Runtime refuses the model */
  static async compile(
    runtime: Runtime,
    pending: PendingGraph,
    fedScalars: ReadonlySet<number>,
    options: InferenceSession.SessionOptions,
  ): Promise<Plan> {
    const { bytes, inputs, outputs } = emitModel(
      lowerGraph(pending, (leaf, index) => roleOf(leaf, index, fedScalars)),
      pending.wanted.map(({ isVariable }) => isVariable),
    )
    try {
      return new Plan(runtime, await runtime.InferenceSession.create(bytes, options), inputs, outputs)
    } catch (error) {
      throw refusedModel(error)
    }
  }

  /** Computes what is wanted of a pending graph of the structure that the plan was compiled from. */
  async run({ leaves, wanted }: PendingGraph): Promise<void> {
    const feeds: InferenceSession.FeedsType = Object.fromEntries(
      this.#inputs.map(({ name, leaf, layout, dtype, shape }) => [
        name,
        new this.#runtime.Tensor(dtype, leaves[leaf].elements(layout), shape),
      ]),
    )
    // Results are written where they are to lie: ONNX Runtime would copy them there otherwise.
    const fetches: Record<string, OnnxTensor> = {}
    for (const { name, dtype, shape } of this.#outputs)
      fetches[name] ??= new this.#runtime.Tensor(dtype, allocate(dtype, sizeOf(shape)), shape)
    await this.#execute(feeds, fetches)
    for (const [index, { name, layout }] of this.#outputs.entries()) fulfil(wanted[index], fetches[name].data, layout)
  }

  async release(): Promise<void> {
    await this.#session.release()
  }

  async #execute(feeds: InferenceSession.FeedsType, fetches: InferenceSession.FetchesType): Promise<void> {
    try {
      await this.#session.run(feeds, fetches)
    } catch (error) {
      throw refusedModel(error)
    }
  }
}

function roleOf(leaf: LazyValue, index: number, fedScalars: ReadonlySet<number>): LeafRole {
  const source = leafSource(leaf)
  if (source === 'frozen' || (source === 'scalar' && !fedScalars.has(index))) return 'constant'
  return source === 'variable' ? 'variable' : 'data'
}

function fulfil(value: LazyValue, data: unknown, layout: PlanOutput['layout']): void {
  if (!isValues(data) || data.length !== sizeOf(value.shape)) throw refusedModel(new Error('a result has another size than was recorded'))
  value.fulfil(data, layout)
}

function isValues(data: unknown): data is Values {
  return data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array
}
