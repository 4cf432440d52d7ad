import { readFile } from 'node:fs/promises'
import { ImIadError } from '@im-iad/errors'
import type { InferenceSession } from 'onnxruntime-node'
import { loadRuntime, type Runtime } from './runtime.ts'

/** A tensor that goes in or comes out: float32, row-major. */
export interface FloatTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** A uint8 tensor that goes in, row-major. */
export interface ByteTensor {
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

/** What a model says of an input or output. */
export interface TensorDescription {
  readonly name: string
  /** ONNX's name: `float32`, `int64`. */
  readonly type: string
  /** Sizes; names stand for those that are known only when it runs. */
  readonly shape: readonly (number | string)[]
}

/** A loaded model. */
export interface OnnxSession {
  readonly inputs: readonly TensorDescription[]
  readonly outputs: readonly TensorDescription[]
  /** Runs the model; the native call blocks this process's event loop until it is done. */
  run(feeds: Readonly<Record<string, FloatTensor | ByteTensor>>, outputs?: readonly string[]): Promise<ReadonlyMap<string, FloatTensor>>
  dispose(): Promise<void>
}

export interface SessionOptions {
  /** Threads within one operator. */
  readonly threads: number
}

/**
 * Loads a model from its bytes or file.
 * @throws ImIadError IM_IAD_E_ONNX when it is no valid model, naming the file
 */
export async function openSession(model: Uint8Array | string, { threads }: SessionOptions): Promise<OnnxSession> {
  const runtime = await loadRuntime()
  const options: InferenceSession.SessionOptions = {
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableMemPattern: false,
    logSeverityLevel: 3,
    // Idle threads must not burn the other core between two runs.
    extra: { session: { force_spinning_stop: '1' } },
  }
  const session = await create(runtime, model, options)
  return {
    inputs: session.inputMetadata.map(describe),
    outputs: session.outputMetadata.map(describe),
    async run(feeds, outputs = session.outputNames) {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, { data, shape }]) => [
          name,
          data instanceof Float32Array ? new runtime.Tensor('float32', data, shape) : new runtime.Tensor('uint8', data, shape),
        ]),
      )
      const results = await session.run(tensors, outputs)
      return new Map(outputs.map((name) => [name, floatTensor(name, results[name])]))
    },
    dispose: () => session.release(),
  }
}

async function create(runtime: Runtime, model: Uint8Array | string, options: InferenceSession.SessionOptions): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(typeof model === 'string' ? await readFile(model) : model, options)
  } catch (error) {
    throw new ImIadError({
      code: 'IM_IAD_E_ONNX',
      what: 'cannot load the ONNX model',
      found: typeof model === 'string' ? model : `${model.length} bytes in memory`,
      problem: error instanceof Error ? error.message : String(error),
      fix: 'check that it is an .onnx file of operator set 21 or older, with its weights inside it',
      cause: error,
    })
  }
}

function describe(metadata: InferenceSession.ValueMetadata): TensorDescription {
  return metadata.isTensor
    ? { name: metadata.name, type: metadata.type, shape: metadata.shape }
    : { name: metadata.name, type: 'not a tensor', shape: [] }
}

function floatTensor(name: string, value: InferenceSession.OnnxValueMapType[string] | undefined): FloatTensor {
  if (value === undefined || !('data' in value) || !(value.data instanceof Float32Array))
    throw new ImIadError({
      code: 'IM_IAD_E_ONNX',
      what: `the output "${name}" of the ONNX model is not float32`,
      fix: 'export the model in float32',
    })
  return { shape: value.dims, data: value.data }
}
