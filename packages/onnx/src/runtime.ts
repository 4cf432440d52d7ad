import { ImIadError } from '@im-iad/errors'

/** The parts of onnxruntime-node that this package uses. */
export type Runtime = typeof import('onnxruntime-node')

/**
 * Loads ONNX Runtime, the first time it is needed.
 * @throws ImIadError IM_IAD_E_ONNXRUNTIME with what to do, when its native library can't be loaded
 */
export async function loadRuntime(): Promise<Runtime> {
  try {
    return await import('onnxruntime-node')
  } catch (error) {
    throw new ImIadError({
      code: 'IM_IAD_E_ONNXRUNTIME',
      what: 'cannot load ONNX Runtime',
      found: `Node ${process.version} on ${process.platform}-${process.arch}`,
      problem: error instanceof Error ? error.message : String(error),
      fix: 'npm i onnxruntime-node, with ONNXRUNTIME_NODE_INSTALL=skip in the environment; it has binaries for Linux, macOS and Windows on x64 and arm64',
      cause: error,
    })
  }
}

/** One line for people: the version and its execution providers. */
export async function describeRuntime(): Promise<string> {
  const runtime = await loadRuntime()
  const providers = runtime.listSupportedBackends().map((backend) => backend.name)
  return `${runtime.env.versions.node ?? runtime.env.versions.common} (${providers.join(', ')})`
}
