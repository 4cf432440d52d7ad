/** TensorFlow.js with a backend that is ready. */
export type TensorEngine = typeof import('@tensorflow/tfjs-core')

/** The engines that there may be. */
export const TENSOR_ENGINES = ['onnxruntime', 'tensorflow', 'wasm', 'cpu'] as const

export type EngineName = (typeof TENSOR_ENGINES)[number]

export const DEFAULT_ENGINE: EngineName = 'onnxruntime'

/** What an engine can compute on. `cpu` is there always; the others are execution providers of ONNX Runtime, `cuda` is TensorFlow's as well. */
export const DEVICES = ['cpu', 'cuda', 'webgpu', 'coreml', 'dml'] as const

export type DeviceName = (typeof DEVICES)[number]

export const DEFAULT_DEVICE: DeviceName = 'cpu'

/** Which engine is wanted; what is absent comes from the environment, then from the defaults. */
export interface EngineRequest {
  /** One of {@link TENSOR_ENGINES}; `IM_IAD_ENGINE` when absent, else {@link DEFAULT_ENGINE}. */
  readonly engine?: string
  /** One of {@link DEVICES}; `IM_IAD_DEVICE` when absent, else {@link DEFAULT_DEVICE}. */
  readonly device?: string
  /** Threads within one operation, for engines that have them; the engine's own choice when absent. */
  readonly threads?: number
}

/** A request with nothing left open. */
export interface ResolvedRequest {
  readonly engine: string
  readonly device: string
  readonly threads: number | null
}

/** An empty variable of the environment is as good as none. */
export function resolveRequest(request: EngineRequest, environment: Readonly<Record<string, string | undefined>>): ResolvedRequest {
  return {
    engine: request.engine ?? (environment['IM_IAD_ENGINE'] || DEFAULT_ENGINE),
    device: request.device ?? (environment['IM_IAD_DEVICE'] || DEFAULT_DEVICE),
    threads: request.threads ?? null,
  }
}
