/** TensorFlow.js's own JavaScript kernels: slow, there always, the reference of the others. */
export async function startCpu(): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu')
}
