import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import type { TensorEngine } from './engine-request.ts'

/** Above the smallest normal float32, which the kernel starts its search from. */
const ABOVE_START = 2.4e-38

/**
 * The WASM backend's gradient of max pooling (4.22) starts its search for a window's maximum at the smallest positive number, so it finds none in windows without positive values and gives their
 * gradient to a wrong place. Shifted to positive values, the order of values, which is all that it needs, stays.
 */
export function correctWasmPoolGradient(tf: TensorEngine): void {
  const kernel = tf.getKernel('MaxPoolGrad', 'wasm')
  tf.unregisterKernel('MaxPoolGrad', 'wasm')
  tf.registerKernel({
    ...kernel,
    kernelFunc: (call) =>
      tf.tidy(() => {
        const { input } = call.inputs as unknown as { readonly input: Tensor }
        const positive = tf.add(tf.sub(input, tf.min(input)), ABOVE_START)
        return kernel.kernelFunc({ ...call, inputs: { ...call.inputs, input: positive } }) as TensorInfo & Tensor
      }),
  })
}
