import { findBackend, type Tensor } from '@tensorflow/tfjs-core'
import type { EngineCounters } from './counters.ts'
import { notRegistered } from './errors.ts'
import type { LazyBackend } from './lazy-backend.ts'
import { BACKEND_NAME } from './recording/recorder.ts'

/** @throws ImIadError IM_IAD_E_ONNX_ENGINE when the backend was not registered or never selected */
export function openBackend(): LazyBackend {
  const backend = findBackend(BACKEND_NAME) as unknown as LazyBackend | null
  if (backend === null) throw notRegistered()
  return backend
}

/**
 * Computes tensors, and all variables that were assigned and wait, in one run; tensors of other backends are there already. They stay where they are: nothing is copied.
 */
export async function sync(tensors: readonly Tensor[]): Promise<void> {
  const backend = findBackend(BACKEND_NAME) as unknown as LazyBackend | null
  if (backend === null) return
  await backend.engine.compute(tensors.flatMap(({ dataId }) => (backend.has(dataId) ? [backend.valueOf(dataId)] : [])))
}

/**
 * Promises that tensors are here to stay, such as the weights of a frozen network: they become constants of compiled graphs, where they are folded into one another and
 * laid out for speed. Every graph that uses them holds a copy, and one with other frozen tensors is another graph: not for what changes from step to step. Tensors of
 * other backends are left alone.
 */
export function freeze(tensors: readonly Tensor[]): void {
  const backend = findBackend(BACKEND_NAME) as unknown as LazyBackend | null
  if (backend === null) return
  for (const { dataId } of tensors) if (backend.has(dataId)) backend.valueOf(dataId).freeze()
}

/** What the engine has done and what it holds. */
export function engineCounters(): EngineCounters {
  return openBackend().counters()
}

/** Sets the counters of what was done to zero. */
export function resetEngineCounters(): void {
  openBackend().engine.tally.reset()
}
