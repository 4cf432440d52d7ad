import { engineDoesNotStart } from './engine-errors.ts'

export async function startOnnxRuntime(): Promise<void> {
  throw engineDoesNotStart('onnxruntime', 'this version does not have it')
}
