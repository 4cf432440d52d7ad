import type { KernelConfig, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core'
import { unknownShape } from '../errors.ts'
import { sameShape } from '../facts.ts'
import { inferByRunning, runOnCpu } from '../fallback.ts'
import type { KernelDefinition } from '../kernels/kernel-definition.ts'
import type { LazyBackend } from '../lazy-backend.ts'
import type { LazyValue } from './lazy-value.ts'
import { RecordedCall, type Attributes } from './recorded-call.ts'

export const BACKEND_NAME = 'onnxruntime'

/** Kernels whose results have shapes that only their values tell. */
const DATA_DEPENDENT: ReadonlySet<string> = new Set([
  'Unique',
  'SparseFillEmptyRows',
  'SparseReshape',
  'NonMaxSuppressionV3',
  'NonMaxSuppressionV4',
  'NonMaxSuppressionV5',
  'StringNGrams',
  'StringSplit',
])

/** A kernel of tfjs that records its call and returns at once. */
export function recordingKernel(definition: KernelDefinition): KernelConfig {
  return {
    kernelName: definition.name,
    backendName: BACKEND_NAME,
    kernelFunc({ inputs, backend, attrs }) {
      const lazy = backend as unknown as LazyBackend
      const values = inputValues(definition.inputs, inputs, lazy)
      const attributes = (attrs ?? {}) as Attributes
      const same = unchanged(definition.name, values, attributes)
      if (same !== null) return info(lazy, same)
      const call = new RecordedCall(definition, values, attributes, definition.outputs(values, attributes))
      const infos = call.outputs.map((output) => info(lazy, output))
      return infos.length === 1 ? infos[0] : infos
    },
  }
}

/** A second handle for the same value. */
export function identityKernel(): KernelConfig {
  return {
    kernelName: 'Identity',
    backendName: BACKEND_NAME,
    kernelFunc({ inputs, backend }) {
      const lazy = backend as unknown as LazyBackend
      return info(lazy, lazy.valueOf((inputs['x'] as TensorInfo).dataId))
    },
  }
}

/** A kernel that this backend has not: it runs on tfjs `cpu`, now if its inputs are there and when they are otherwise. */
export function foreignKernel(name: string): KernelConfig {
  return {
    kernelName: name,
    backendName: BACKEND_NAME,
    kernelFunc({ inputs, backend, attrs }) {
      const lazy = backend as unknown as LazyBackend
      const names = Object.keys(inputs)
      const values = inputValues(names, inputs, lazy)
      const isReady = values.every((value) => value === null || value.call === null)
      if (!isReady && DATA_DEPENDENT.has(name)) throw unknownShape(name)
      const attributes = (attrs ?? {}) as Attributes
      const definition: KernelDefinition = {
        name,
        inputs: names,
        outputs: (facts, given) => inferByRunning(name, names, facts, given),
        lower: null,
      }
      const call = new RecordedCall(definition, values, attributes, definition.outputs(values, attributes))
      if (isReady) runOnCpu(call, lazy.engine.tally)
      const infos = call.outputs.map((output) => info(lazy, output))
      return infos.length === 1 ? infos[0] : infos
    },
  }
}

function info(backend: LazyBackend, value: LazyValue): TensorInfo {
  return { dataId: backend.hold(value), shape: [...value.shape], dtype: value.dtype }
}

function inputValues(names: readonly string[] | 'list', inputs: NamedTensorInfoMap, backend: LazyBackend): readonly (LazyValue | null)[] {
  const given = names === 'list' ? Object.values(inputs) : names.map((name) => inputs[name])
  return given.map((input) => (isTensorInfo(input) ? backend.valueOf(input.dataId) : null))
}

function isTensorInfo(input: NamedTensorInfoMap[string] | null): input is TensorInfo {
  return input !== undefined && input !== null && !Array.isArray(input)
}

/** The input itself where the kernel changes nothing. */
function unchanged(name: string, [x]: readonly (LazyValue | null)[], attributes: Attributes): LazyValue | null {
  if (x === null || x === undefined) return null
  if (name === 'Reshape' && Array.isArray(attributes['shape']) && sameShape(x.shape, attributes['shape'] as number[])) return x
  return name === 'Cast' && attributes['dtype'] === x.dtype ? x : null
}
