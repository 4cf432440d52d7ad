import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ImIadError, type ErrorFacts } from '@im-iad/errors'
import { DEFAULT_ENGINE, resolveRequest, TENSOR_ENGINES, type EngineName, type EngineRequest } from './engine-request.ts'

/** What is known of one engine on this machine. */
export interface EngineInspection {
  readonly engine: EngineName
  /** Used when nobody names one. */
  readonly isDefault: boolean
  readonly available: boolean
  /** Libraries and their versions; `null` when it is not available. */
  readonly version: string | null
  /** Why it is not available, and what to do; `null` when it is. */
  readonly problem: string | null
  readonly fix: string | null
  /** Billions of floating-point operations a second in a short loop of convolutions and matrix products; `null` when it is not available. */
  readonly gigaflopsPerSecond: number | null
  /** Kernels that ran elsewhere than in the engine while it was measured, by name. */
  readonly fallbacks: Readonly<Record<string, number>>
}

/** What the process that tries one engine says. */
export type ProbeResult =
  | {
      readonly available: true
      readonly version: string
      readonly gigaflopsPerSecond: number
      readonly fallbacks: Readonly<Record<string, number>>
    }
  | (Pick<ErrorFacts, 'code' | 'what' | 'fix'> & { readonly available: false; readonly problem: string | null })

const PROBE = fileURLToPath(new URL('./probe-engine.js', import.meta.url))

/** Starting takes a library some seconds on a slow disk; a native library that hangs must not hang the caller. */
const TIME_LIMIT = 30_000

/**
 * Whether an engine can be used on a device, found out in a process of its own.
 * @throws ImIadError IM_IAD_E_ENGINE or IM_IAD_E_DEVICE, with what is missing and what to do
 */
export async function checkEngine(request: EngineRequest): Promise<void> {
  const { engine, device } = resolveRequest(request, process.env)
  const result = await probe(engine, device, 'open')
  if (result.available) return
  const { code, what, problem, fix } = result
  throw new ImIadError({ code, what, ...(problem === null ? {} : { problem }), fix })
}

/** Tries every engine on the given device, each in a process of its own: a native library that crashes takes only that process along, and no engine sees another's libraries. */
export async function inspectEngines(device: string): Promise<readonly EngineInspection[]> {
  const inspections: EngineInspection[] = []
  // One after another: their speeds are measured.
  for (const engine of TENSOR_ENGINES) inspections.push(inspection(engine, await probe(engine, device, 'measure')))
  return inspections
}

function inspection(engine: EngineName, result: ProbeResult): EngineInspection {
  const isDefault = engine === DEFAULT_ENGINE
  return result.available
    ? { engine, isDefault, ...result, problem: null, fix: null }
    : {
        engine,
        isDefault,
        available: false,
        version: null,
        problem: result.problem === null ? result.what : `${result.what}: ${result.problem}`,
        fix: result.fix,
        gigaflopsPerSecond: null,
        fallbacks: {},
      }
}

function probe(engine: string, device: string, extent: 'open' | 'measure'): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const child = fork(PROBE, [engine, device, extent], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      timeout: TIME_LIMIT,
      killSignal: 'SIGKILL',
    })
    let result: ProbeResult | null = null
    child.on('message', (message: ProbeResult) => {
      result = message
    })
    child.once('error', (error) => {
      result ??= unavailable(engine, error.message, 'see whether this user may start processes')
    })
    child.once('close', (code, signal) => {
      resolve(
        result ??
          unavailable(
            engine,
            `the process that tried it ended with ${signal === null ? `code ${code}` : `signal ${signal}`}`,
            'reinstall its packages for this platform, or choose another engine',
          ),
      )
    })
  })
}

function unavailable(engine: string, problem: string, fix: string): ProbeResult {
  return { available: false, code: 'IM_IAD_E_ENGINE', what: `cannot use the tensor engine "${engine}"`, problem, fix }
}
