import { ImIadError } from '@im-iad/errors'

const CODE = 'IM_IAD_E_ONNX_ENGINE'

export function pendingRead(): ImIadError {
  return new ImIadError({
    code: CODE,
    what: 'a tensor of the engine "onnxruntime" was read synchronously before it was computed',
    problem: 'the engine computes lazily, and ONNX Runtime has no synchronous way to run',
    fix: 'read it with await tensor.data(), or call await sync([tensor]) before dataSync()',
  })
}

export function unsupportedType(dtype: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `the engine "onnxruntime" has no tensors of type ${dtype}`,
    fix: 'use float32, int32 or bool',
  })
}

export function unknownShape(kernel: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `the kernel ${kernel} can't be recorded: the shape of its result depends on values that are not computed yet`,
    fix: 'call await sync([...]) on its inputs first',
  })
}

export function missingKernel(kernel: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `the kernel ${kernel} runs on neither the engine "onnxruntime" nor tfjs cpu`,
    fix: 'express it with other functions of TensorFlow.js',
  })
}

export function refusedModel(cause: unknown): ImIadError {
  return new ImIadError({
    code: CODE,
    what: 'ONNX Runtime refused a compiled graph',
    problem: cause instanceof Error ? cause.message : String(cause),
    fix: 'report it with the functions that were called; --engine cpu or --engine wasm runs without it',
    cause,
  })
}

export function notRegistered(): ImIadError {
  return new ImIadError({
    code: CODE,
    what: 'the engine "onnxruntime" is not registered',
    fix: 'call await registerOnnxRuntimeBackend(tf) and await tf.setBackend("onnxruntime") first',
  })
}

export function wrongBackend(selected: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: 'a model can be written only while the engine "onnxruntime" is selected',
    found: `the engine "${selected}"`,
    fix: 'call await tf.setBackend("onnxruntime") first, with the weights on it',
  })
}

export function duplicateName(name: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `"${name}" names an input and an output of the model`,
    fix: 'give the output another name',
  })
}

export function kernelNotExportable(kernel: string): ImIadError {
  return new ImIadError({
    code: CODE,
    what: `the kernel ${kernel} can't be written to an ONNX model`,
    problem: 'this engine has not compiled it: it runs on tfjs cpu',
    fix: 'express it with other functions of TensorFlow.js',
  })
}
