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

/** What the engine has done and what it holds. */
export function engineCounters(): EngineCounters {
  return openBackend().counters()
}

/** Sets the counters of what was done to zero. */
export function resetEngineCounters(): void {
  openBackend().engine.tally.reset()
}
