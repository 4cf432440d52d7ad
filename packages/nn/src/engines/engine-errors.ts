import { ImIadError, isImIadError } from '@im-iad/errors'
import { DEVICES, TENSOR_ENGINES, type DeviceName, type EngineName } from './engine-request.ts'

export function unknownEngine(engine: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_ENGINE',
    what: `there is no tensor engine "${engine}"`,
    fix: `choose one of ${TENSOR_ENGINES.map((name) => `--engine ${name}`).join(', ')}`,
  })
}

export function unknownDevice(device: string): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_DEVICE',
    what: `there is no device "${device}"`,
    fix: `choose one of ${DEVICES.map((name) => `--device ${name}`).join(', ')}`,
  })
}

/** An engine's library can't be loaded, or its backend does not start. */
export function engineDoesNotStart(engine: EngineName, cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_ENGINE',
    what: `cannot use the tensor engine "${engine}"`,
    problem: describe(cause),
    fix: `${REINSTALL[engine]}; --engine cpu always works`,
    cause,
  })
}

const REINSTALL: Readonly<Record<EngineName, string>> = {
  onnxruntime: 'npm i onnxruntime-node --onnxruntime-node-install=skip',
  tensorflow: 'npm rebuild @tensorflow/tfjs-node-gpu @tensorflow/tfjs-node, or remove the one that is damaged',
  wasm: 'npm i @tensorflow/tfjs-backend-wasm',
  cpu: 'npm i @tensorflow/tfjs-backend-cpu',
}

/** Neither of TensorFlow's packages is installed where it is looked for. */
export function tensorflowNotInstalled(packages: readonly string[], places: readonly string[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_ENGINE',
    what: 'the tensor engine "tensorflow" is not installed',
    found: `looked for ${packages.join(' and ')} from ${places.join(', ')}`,
    fix: `npm i ${packages.join(', or npm i ')}; IM_IAD_TENSORFLOW=FOLDER names another project that has it; the default engine needs nothing`,
  })
}

/** The engine never computes on that device. */
export function engineLacksDevice(engine: EngineName, device: DeviceName, devices: readonly DeviceName[]): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_DEVICE',
    what: `the tensor engine "${engine}" does not compute on "${device}"`,
    problem: `it computes on ${devices.join(' and ')}`,
    fix: `leave --device out, or choose an engine for it: ${device === 'cuda' ? '--engine onnxruntime or --engine tensorflow' : '--engine onnxruntime'}`,
  })
}

/** An engine computes on one device in a process. */
export function engineOnOtherDevice(engine: EngineName, device: DeviceName, running: DeviceName): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_DEVICE',
    what: `the tensor engine "${engine}" cannot change to "${device}"`,
    problem: `it computes on "${running}" in this process already, and holds tensors there`,
    fix: 'use one device in a process',
  })
}

/** The engine could compute on that device, but not here. */
export function deviceUnavailable(engine: EngineName, device: DeviceName, cause: unknown): ImIadError {
  return new ImIadError({
    code: 'IM_IAD_E_DEVICE',
    what: `the tensor engine "${engine}" cannot use "${device}" on this machine`,
    problem: describe(cause),
    fix: `${PROVIDER[device]}; --device cpu always works`,
    cause,
  })
}

const PROVIDER: Readonly<Record<DeviceName, string>> = {
  cpu: 'npm i onnxruntime-node --onnxruntime-node-install=skip',
  cuda: 'an NVIDIA driver and CUDA libraries of the version that the engine was built for are needed (for onnxruntime: npm rebuild onnxruntime-node --onnxruntime-node-install=cuda12, Linux x64)',
  webgpu: 'a graphics driver with Vulkan, Metal or Direct3D 12 is needed',
  coreml: 'it is there on macOS only',
  dml: 'it is there on Windows only',
}

/** What went wrong in one line: of our own errors, what the library said. */
function describe(cause: unknown): string {
  const text = isImIadError(cause) ? (cause.facts.problem ?? cause.facts.what) : cause instanceof Error ? cause.message : String(cause)
  return text.trim().replaceAll(/\s*\n\s*/g, ' ')
}
