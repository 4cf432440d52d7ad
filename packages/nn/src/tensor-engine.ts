import { ImIadError } from '@im-iad/errors'

/** TensorFlow.js with a backend that is ready. */
export type TensorEngine = typeof import('@tensorflow/tfjs-core')

/** The engines of this version, the default first. */
export const TENSOR_ENGINES = ['wasm', 'cpu'] as const

type EngineName = (typeof TENSOR_ENGINES)[number]

const opened = new Map<EngineName, Promise<TensorEngine>>()

/**
 * Opens the tensor engine: the one place where a TensorFlow.js backend is chosen. Read results with `await tensor.data()`, never with `dataSync()`: an engine
 * that computes lazily would have to stop for it.
 * @param name - `IM_IAD_ENGINE`, else `wasm`, when absent
 * @throws ImIadError IM_IAD_E_ENGINE for a name that is not available, or a backend that does not start
 */
export function openTensorEngine(name: string = process.env['IM_IAD_ENGINE'] || TENSOR_ENGINES[0]): Promise<TensorEngine> {
  const known = TENSOR_ENGINES.find((engine) => engine === name)
  if (known === undefined) throw unavailable(name, 'this version does not have it')
  const engine = opened.get(known) ?? start(known)
  opened.set(known, engine)
  return engine
}

async function start(name: EngineName): Promise<TensorEngine> {
  try {
    const tensors = await import('@tensorflow/tfjs-core')
    if (name === 'wasm') await import('@tensorflow/tfjs-backend-wasm')
    else await import('@tensorflow/tfjs-backend-cpu')
    tensors.enableProdMode()
    if (!(await tensors.setBackend(name))) throw new Error('the backend did not start')
    return tensors
  } catch (error) {
    throw unavailable(name, error instanceof Error ? error.message : String(error), error)
  }
}

/** One line for people: the engine in use and its version. */
export async function describeEngine(): Promise<string> {
  const engine = await openTensorEngine()
  return `TensorFlow.js ${engine.version_core}, backend ${engine.getBackend()}`
}

function unavailable(name: string, problem: string, cause?: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_ENGINE',
    what: `cannot use the tensor engine "${name}"`,
    problem,
    fix: `choose --engine ${TENSOR_ENGINES.join(' or --engine ')}`,
    cause,
  })
}
