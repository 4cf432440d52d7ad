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
import { engineLacksDevice, unknownDevice, unknownEngine } from './engine-errors.ts'
import { startCpu } from './start-cpu.ts'
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

/** By engine, device and threads: an engine is started once in a process. */
const started = new Map<string, Promise<TensorEngine>>()

/**
 * Opens the tensor engine and makes it the current one of this process: the one place where a TensorFlow.js backend is chosen. Gradients of all operations are registered.
 * Read results with `await tensor.data()`, never with `dataSync()`: an engine that computes lazily would have to stop for it.
 * @throws ImIadError IM_IAD_E_ENGINE for an engine that is unknown, not installed or does not start; IM_IAD_E_DEVICE for a device that it can't use
 */
export async function openTensorEngine(request: EngineRequest = {}): Promise<TensorEngine> {
  const { engine, device, threads } = resolveRequest(request, process.env)
  const name = TENSOR_ENGINES.find((known) => known === engine)
  if (name === undefined) throw unknownEngine(engine)
  const place = DEVICES.find((known) => known === device)
  if (place === undefined) throw unknownDevice(device)
  const { devices, start } = STARTERS[name]
  if (!devices.includes(place)) throw engineLacksDevice(name, place, devices)
  const key = `${name} ${place} ${threads ?? ''}`
  const opening = started.get(key) ?? load().then((tf) => startEngine(tf, start, { device: place, threads }))
  started.set(key, opening)
  const tf = await opening
  await tf.setBackend(name)
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
