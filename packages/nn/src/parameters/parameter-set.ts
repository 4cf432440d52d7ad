import { filterTensor, freeze } from '@im-iad/tfjs-onnxruntime'
import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { TensorEngine } from '../engines/engine-request.ts'
import type { NamedTensor } from '@im-iad/weights'
import { missingParameter, misshapenParameter } from './parameter-errors.ts'
import { isTrained, type ParameterDefinition, type ParameterKind } from './parameter-definition.ts'
import { fromPyTorch, isFilter, toPyTorch } from './parameter-layout.ts'

/** The values of one parameter; structurally core's ParameterValue. */
export interface ParameterValue {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** A network's parameters as tensors of the engine, by PyTorch's names, in TensorFlow.js's layout. */
export interface ParameterSet {
  /** @throws ImIadError IM_IAD_E_PARAMETER for a name that the network does not have: a mistake in its code */
  get(name: string): Tensor
  /** What an optimiser changes; empty when frozen. */
  readonly trained: ReadonlyMap<string, Variable>
  /** Running statistics: part of the state, changed by the forward pass in training mode; empty when frozen. */
  readonly statistics: ReadonlyMap<string, Variable>
  /** Copies of all values in PyTorch's layout, ready for a safetensors file. */
  read(): Promise<Readonly<Record<string, ParameterValue>>>
  /** Puts back what {@link read} gave. @throws ImIadError IM_IAD_E_PARAMETER when one is missing or has another shape; RangeError when frozen */
  write(values: ReadonlyMap<string, NamedTensor>): void
  dispose(): void
}

/** `trainable`: variables that are changed. `frozen`: constants, which a compiling engine may fold into its plans. */
export type ParameterUse = 'trainable' | 'frozen'

/**
 * Puts values into the engine.
 * @param values - in PyTorch's layout; more names than are defined are fine (a classifier's last layer)
 * @throws ImIadError IM_IAD_E_PARAMETER when one is missing or has another shape
 */
export function createParameters(
  tf: TensorEngine,
  definitions: readonly ParameterDefinition[],
  values: ReadonlyMap<string, NamedTensor>,
  use: ParameterUse,
): ParameterSet {
  const tensors = new Map(definitions.map((definition) => [definition.name, createTensor(tf, definition, values, use)]))
  if (use === 'frozen') freeze([...tensors.values()])
  const select = (wanted: (definition: ParameterDefinition) => boolean): ReadonlyMap<string, Variable> =>
    use === 'frozen'
      ? new Map()
      : new Map(definitions.filter(wanted).map(({ name }): [string, Variable] => [name, tensors.get(name) as Variable]))
  return {
    trained: select(isTrained),
    statistics: select((definition) => !isTrained(definition)),
    get(name) {
      const tensor = tensors.get(name)
      if (tensor === undefined) throw missingParameter(name, 'the network')
      return tensor
    },
    async read() {
      const entries = definitions.map(async ({ name, kind }) => [name, toPyTorch(kind, await readTensor(tensors.get(name)))] as const)
      return Object.fromEntries(await Promise.all(entries))
    },
    write(given) {
      if (use === 'frozen') throw new RangeError('frozen parameters are constants of compiled plans and can not be changed')
      tf.tidy(() => {
        for (const definition of definitions) {
          const { shape, data } = fromPyTorch(definition.kind, valueOf(definition, given))
          const variable = tensors.get(definition.name) as Variable
          variable.assign(tf.tensor(data, [...shape], 'float32'))
        }
      })
    },
    dispose: () => tf.dispose([...tensors.values()]),
  }
}

/** @throws ImIadError IM_IAD_E_PARAMETER when a value is missing or has another shape */
export function checkParameters(definitions: readonly ParameterDefinition[], values: ReadonlyMap<string, NamedTensor>): void {
  for (const definition of definitions) valueOf(definition, values)
}

function valueOf({ name, shape }: ParameterDefinition, values: ReadonlyMap<string, NamedTensor>): NamedTensor {
  const value = values.get(name)
  if (value === undefined) throw missingParameter(name, 'the weights')
  if (value.shape.length !== shape.length || value.shape.some((size, axis) => size !== shape[axis]))
    throw misshapenParameter(name, value.shape, shape)
  return value
}

function createTensor(
  tf: TensorEngine,
  definition: ParameterDefinition,
  values: ReadonlyMap<string, NamedTensor>,
  use: ParameterUse,
): Tensor {
  const tensor = tf.keep(toTensor(tf, definition.kind, valueOf(definition, values)))
  if (use === 'frozen') return tensor
  const variable = tf.variable(tensor, isTrained(definition))
  tensor.dispose()
  return variable
}

/** Filters are not permuted here: an engine may want them just as PyTorch has them. */
function toTensor(tf: TensorEngine, kind: ParameterKind, value: NamedTensor): Tensor {
  if (isFilter(kind) && value.data instanceof Float32Array) return filterTensor(value.data, value.shape)
  const { shape, data } = fromPyTorch(kind, value)
  return tf.tensor(data, [...shape], 'float32')
}

async function readTensor(tensor: Tensor | undefined): Promise<ParameterValue> {
  if (tensor === undefined) throw new RangeError('every definition has a tensor')
  return { shape: tensor.shape, data: Float32Array.from(await tensor.data()) }
}
