import type { TensorEngine } from './engine-request.ts'
import { deviceUnavailable } from './engine-errors.ts'
import type { StartOptions } from './open-engine.ts'

/** The default: our own backend, which records operations and runs them in ONNX Runtime. A device is one of its execution providers. */
export async function startOnnxRuntime(tf: TensorEngine, { device, threads }: StartOptions): Promise<void> {
  const { registerOnnxRuntimeBackend } = await import('@im-iad/tfjs-onnxruntime')
  await registerOnnxRuntimeBackend(tf, { executionProviders: [device], ...(threads === null ? {} : { threads }) })
  await tf.setBackend('onnxruntime')
  if (device !== 'cpu') await tryDevice(tf).catch((error: unknown) => Promise.reject(deviceUnavailable('onnxruntime', device, error)))
}

/** A provider that is not there is only noticed when something is computed. */
async function tryDevice(tf: TensorEngine): Promise<void> {
  const product = tf.tidy(() => tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])))
  await product.data()
  product.dispose()
}
