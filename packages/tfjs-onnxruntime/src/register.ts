import { LazyBackend } from './lazy-backend.ts'
import type { EngineOptions } from './lazy-engine.ts'
import { ALL_KERNELS } from './kernels/all-kernels.ts'
import { BACKEND_NAME, foreignKernel, identityKernel, recordingKernel } from './recording/recorder.ts'
import { transformKernel } from './ops/image-transform.ts'
import { registerGradients } from './gradients/register-gradients.ts'

/**
 * Registers the backend `onnxruntime`, its kernels and the gradients of its kernels in a copy of TensorFlow.js. It is not selected: `await tf.setBackend('onnxruntime')`
 * does that.
 */
export async function registerOnnxRuntimeBackend(tf: typeof import('@tensorflow/tfjs-core'), options: EngineOptions = {}): Promise<void> {
  // What this backend lacks is borrowed from tfjs's own.
  await import('@tensorflow/tfjs-backend-cpu')
  const known = new Set(['Identity', 'Transform', ...ALL_KERNELS.map(({ name }) => name)])
  for (const kernel of tf.getKernelsForBackend(BACKEND_NAME)) tf.unregisterKernel(kernel.kernelName, BACKEND_NAME)
  for (const definition of ALL_KERNELS) tf.registerKernel(recordingKernel(definition))
  tf.registerKernel(identityKernel())
  tf.registerKernel(transformKernel(BACKEND_NAME))
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) if (!known.has(kernelName)) tf.registerKernel(foreignKernel(kernelName))
  registerGradients(tf)
  if (tf.findBackendFactory(BACKEND_NAME) !== null) tf.removeBackend(BACKEND_NAME)
  tf.registerBackend(BACKEND_NAME, () => new LazyBackend(options) as unknown as import('@tensorflow/tfjs-core').KernelBackend)
}
