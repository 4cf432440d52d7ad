import type { TensorEngine } from './engine-request.ts'
import { correctWasmPoolGradient } from './wasm-pool-gradient.ts'
import { registerWasmDepthwiseGradients } from './wasm-depthwise-gradient.ts'
import { registerWasmFilterGradient } from './wasm-filter-gradient.ts'

/** TensorFlow.js's WebAssembly kernels: one thread in Node. */
export async function startWasm(tf: TensorEngine): Promise<void> {
  await import('@tensorflow/tfjs-backend-wasm')
  registerWasmFilterGradient(tf)
  registerWasmDepthwiseGradients(tf)
  correctWasmPoolGradient(tf)
}
