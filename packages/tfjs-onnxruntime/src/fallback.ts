import { findBackend, getKernel, type KernelBackend, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core'
import type { Tally } from './counters.ts'
import { missingKernel } from './errors.ts'
import { allocate, sizeOf, type ElementType, type Facts, type Values } from './facts.ts'
import type { Attributes, RecordedCall } from './recording/recorded-call.ts'

/** Runs a recorded call on tfjs `cpu`; all its inputs must be there. */
export function runOnCpu(call: RecordedCall, tally: Tally): void {
  tally.countFallback(call.kernel.name)
  const inputs = call.inputs.map((input) => (input === null ? null : { shape: input.shape, dtype: input.dtype, values: input.peek() }))
  const results = runKernel(call.kernel.name, call.kernel.inputs, inputs, call.attributes)
  for (const [index, output] of call.outputs.entries()) output.fulfil(results[index].values, 'logical')
}

interface Filled extends Facts {
  readonly values: Values
}

/** Shapes and types of a kernel's results, found by running it on zeros: true for kernels whose shapes don't depend on values. */
export function inferByRunning(
  name: string,
  names: readonly string[],
  inputs: readonly (Facts | null)[],
  attributes: Attributes,
): readonly Facts[] {
  const zeros = inputs.map((facts) =>
    facts === null ? null : { ...facts, shape: facts.shape, dtype: facts.dtype, values: allocate(facts.dtype, sizeOf(facts.shape)) },
  )
  return runKernel(name, names, zeros, attributes).map(({ shape, dtype }) => ({ shape, dtype }))
}

function runKernel(
  name: string,
  names: readonly string[] | 'list',
  inputs: readonly (Filled | null)[],
  attributes: Attributes,
): readonly Filled[] {
  const kernel = getKernel(name, 'cpu')
  const backend = findBackend('cpu')
  if (kernel === undefined || backend === null) throw missingKernel(name)
  const infos = inputs.map((input) => (input === null ? undefined : toInfo(backend, input)))
  const named = Object.fromEntries(
    infos.flatMap((info, index) => (info === undefined ? [] : [[names === 'list' ? String(index) : names[index], info]])),
  )
  const outputs = kernel.kernelFunc({ inputs: named, backend, attrs: attributes as NamedAttrMap })
  const results = (Array.isArray(outputs) ? outputs : [outputs]).map((info) => fromInfo(backend, info))
  for (const info of infos) if (info !== undefined) backend.disposeData(info.dataId, true)
  return results
}

function toInfo(backend: KernelBackend, { shape, dtype, values }: Filled): TensorInfo {
  return { dataId: backend.write(values, [...shape], dtype), shape: [...shape], dtype }
}

function fromInfo(backend: KernelBackend, { dataId, shape, dtype }: TensorInfo): Filled {
  const values = backend.readSync(dataId) as Values
  backend.disposeData(dataId, true)
  return { shape, dtype: dtype as ElementType, values }
}
