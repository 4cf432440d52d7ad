import { registerGradients } from '@im-iad/tfjs-onnxruntime'
import {
  DEVICES,
  resolveRequest,
  TENSOR_ENGINES,
  type DeviceName,
  type EngineName,
  type EngineRequest,
  type TensorEngine,
} from './engine-request.ts'
import { engineLacksDevice, engineOnOtherDevice, unknownDevice, unknownEngine } from './engine-errors.ts'
import { startCpu } from './start-cpu.ts'
import { reportEngine } from './report-engine.ts'
import { startOnnxRuntime } from './start-onnxruntime.ts'
import { startTensorflow } from './start-tensorflow.ts'
import { startWasm } from './start-wasm.ts'

/** How an engine starts: registers its backend with TensorFlow.js and gives the backend's name. */
interface Starter {
  readonly devices: readonly DeviceName[]
  readonly start: (tf: TensorEngine, options: StartOptions) => Promise<void>
}

export interface StartOptions {
  readonly device: DeviceName
  readonly threads: number | null
}

const STARTERS: Readonly<Record<EngineName, Starter>> = {
  onnxruntime: { devices: DEVICES, start: startOnnxRuntime },
  tensorflow: { devices: ['cpu', 'cuda'], start: startTensorflow },
  wasm: { devices: ['cpu'], start: startWasm },
  cpu: { devices: ['cpu'], start: startCpu },
}

interface StartedEngine {
  readonly device: DeviceName
  readonly opening: Promise<TensorEngine>
}

/** An engine is started once in a process: starting it again would take away the tensors that it holds. */
const started = new Map<EngineName, StartedEngine>()

/**
 * Opens the tensor engine and makes it the current one of this process: the one place where a TensorFlow.js backend is chosen. Gradients of all operations are registered.
 * The first request in a process decides on the threads; numbers do not depend on them.
 * Read results with `await tensor.data()`, never with `dataSync()`: an engine that computes lazily would have to stop for it.
 * @throws ImIadError IM_IAD_E_ENGINE for an engine that is unknown, not installed or does not start; IM_IAD_E_DEVICE for a device that it can't use,
 * or another than the one that it computes on in this process already
 */
export async function openTensorEngine(request: EngineRequest = {}): Promise<TensorEngine> {
  const { engine, device, threads } = resolveRequest(request, process.env)
  const name = TENSOR_ENGINES.find((known) => known === engine)
  if (name === undefined) throw unknownEngine(engine)
  const place = DEVICES.find((known) => known === device)
  if (place === undefined) throw unknownDevice(device)
  const { devices, start } = STARTERS[name]
  if (!devices.includes(place)) throw engineLacksDevice(name, place, devices)
  const running = started.get(name) ?? { device: place, opening: load().then((tf) => startEngine(tf, start, { device: place, threads })) }
  if (running.device !== place) throw engineOnOtherDevice(name, place, running.device)
  started.set(name, running)
  const tf = await running.opening.catch((error: unknown) => {
    started.delete(name)
    throw error
  })
  await tf.setBackend(name)
  await reportEngine(tf)
  return tf
}

async function startEngine(tf: TensorEngine, start: Starter['start'], options: StartOptions): Promise<TensorEngine> {
  await start(tf, options)
  // tfjs-core has no gradients of its own, and TensorFlow's package registers some that are wrong.
  registerGradients(tf)
  return tf
}

async function load(): Promise<TensorEngine> {
  const tf = await import('@tensorflow/tfjs-core')
  tf.enableProdMode()
  return tf
}
