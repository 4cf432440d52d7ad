import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveRequest } from '../src/engines/engine-request.ts'
import { findTensorflow } from '../src/engines/find-tensorflow.ts'
import { checkEngine, DEFAULT_ENGINE, describeEngine, inspectEngines, openTensorEngine, type TensorEngine } from '../dist/index.js'
import { HAS_TENSORFLOW, sayTensorflowIsMissing, TESTED_ENGINES } from './support/tensorflow.ts'

sayTensorflowIsMissing()

describe('openTensorEngine', () => {
  it('takes what is asked for, then the environment, then the default; an empty variable is none', () => {
    expect(resolveRequest({}, {})).toEqual({ engine: DEFAULT_ENGINE, device: 'cpu', threads: null })
    expect(resolveRequest({}, { IM_IAD_ENGINE: '', IM_IAD_DEVICE: '' })).toEqual({ engine: DEFAULT_ENGINE, device: 'cpu', threads: null })
    expect(resolveRequest({}, { IM_IAD_ENGINE: 'cpu', IM_IAD_DEVICE: 'cuda' })).toMatchObject({ engine: 'cpu', device: 'cuda' })
    expect(resolveRequest({ engine: 'wasm', threads: 2 }, { IM_IAD_ENGINE: 'cpu' })).toEqual({ engine: 'wasm', device: 'cpu', threads: 2 })
  })

  it.each(TESTED_ENGINES)('opens %s, makes it the current one, and says what it is', async (engine) => {
    const tf = await openTensorEngine({ engine })
    expect(tf.getBackend()).toBe(engine)
    expect(await describeEngine(tf)).toMatch(new RegExp(String.raw`^${engine} \(.*TensorFlow\.js 4\.\d+\.\d+\)$`))
  })

  it('refuses an engine and a device that there are not, naming those there are', async () => {
    await expect(openTensorEngine({ engine: 'jax' })).rejects.toThrow(
      /there is no tensor engine "jax" \[IM_IAD_E_ENGINE\][^]*--engine onnxruntime, --engine tensorflow, --engine wasm, --engine cpu/,
    )
    await expect(openTensorEngine({ engine: 'wasm', device: 'tpu' })).rejects.toThrow(/there is no device "tpu" \[IM_IAD_E_DEVICE\]/)
  })

  it('refuses a device that the engine never computes on', async () => {
    await expect(openTensorEngine({ engine: 'wasm', device: 'cuda' })).rejects.toThrow(
      /"wasm" does not compute on "cuda" \[IM_IAD_E_DEVICE\][^]*it computes on cpu/,
    )
  })
})

describe('the onnxruntime engine', () => {
  it('is started once: later requests have the same, with other threads too, and their tensors live on', async () => {
    const tf = await openTensorEngine({ engine: 'onnxruntime', threads: 1 })
    const tensor = tf.tensor1d([1, 2])
    await openTensorEngine({ engine: 'onnxruntime', threads: 2 })
    expect([...(await tf.add(tensor, 1).data())]).toEqual([2, 3])
    await expect(openTensorEngine({ engine: 'onnxruntime', device: 'cuda' })).rejects.toThrow(/cannot change to "cuda" \[IM_IAD_E_DEVICE\]/)
  })

  it.runIf(process.platform === 'linux')('says in one sentence that a device is not there', async () => {
    await expect(checkEngine({ engine: 'onnxruntime', device: 'coreml' })).rejects.toThrow(
      /^the tensor engine "onnxruntime" cannot use "coreml" on this machine \[IM_IAD_E_DEVICE\]\n {2}problem: .*\n {2}fix: {5}it is there on macOS only; --device cpu always works$/,
    )
    await expect(checkEngine({ engine: 'onnxruntime', device: 'dml' })).rejects.toThrow('IM_IAD_E_DEVICE')
  })
})

describe('the tensorflow engine', () => {
  it('is found in the first place that has it, with CUDA first', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'im-iad-engines-'))
    const install = async (project: string, name: string): Promise<void> => {
      const directory = join(folder, project, 'node_modules', name)
      await mkdir(directory, { recursive: true })
      await writeFile(join(directory, 'package.json'), JSON.stringify({ name, version: '4.22.0', main: 'index.js' }))
      await writeFile(join(directory, 'index.js'), '')
    }
    await install('one', '@tensorflow/tfjs-node')
    await install('two', '@tensorflow/tfjs-node')
    await install('two', '@tensorflow/tfjs-node-gpu')
    const places = ['none', 'one', 'two'].map((name) => join(folder, name))
    expect(findTensorflow(places)).toMatchObject({ package: '@tensorflow/tfjs-node', version: '4.22.0' })
    expect(findTensorflow(places.toReversed())).toMatchObject({ package: '@tensorflow/tfjs-node-gpu' })
    expect(findTensorflow(places.slice(0, 1))).toBeNull()
  })

  it.skipIf(HAS_TENSORFLOW)('says where it was looked for, and what to install', async () => {
    await expect(openTensorEngine({ engine: 'tensorflow' })).rejects.toThrow(
      /"tensorflow" is not installed[^]*looked for @tensorflow\/tfjs-node-gpu and @tensorflow\/tfjs-node from [^]*npm i @tensorflow\/tfjs-node-gpu/,
    )
  })

  it.runIf(HAS_TENSORFLOW)('starts where Node no longer has util.isNullOrUndefined', () => {
    const program = `
      import util from 'node:util'
      delete util.isNullOrUndefined
      const { openTensorEngine } = await import(${JSON.stringify(new URL('../dist/index.js', import.meta.url))})
      const tf = await openTensorEngine({ engine: 'tensorflow' })
      console.log([...(await tf.tensor1d([1, 2]).mul(3).data())].join())`
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).trim()).toBe('3,6')
  })
})

describe('inspectEngines', () => {
  it('tries every engine in a process of its own and measures those that are there', async () => {
    const engines = new Map((await inspectEngines('cpu')).map((each) => [each.engine, each]))
    expect([...engines.keys()]).toEqual(['onnxruntime', 'tensorflow', 'wasm', 'cpu'])
    expect(engines.get(DEFAULT_ENGINE)).toMatchObject({ isDefault: true, available: true, problem: null, fallbacks: {} })
    expect(engines.get('wasm')?.gigaflopsPerSecond).toBeGreaterThan(engines.get('cpu')?.gigaflopsPerSecond ?? Infinity)
    expect(engines.get('tensorflow')?.available).toBe(HAS_TENSORFLOW)
  })

  it('checkEngine throws what opening it would', async () => {
    await checkEngine({ engine: 'cpu' })
    await expect(checkEngine({ engine: 'wasm', device: 'cuda' })).rejects.toThrow('IM_IAD_E_DEVICE')
  })
})

/** A convolution and a maximum with PyTorch's symmetric padding, and their gradients. */
async function paddedGradients(
  engine: string,
  shape: { size: number; kernel: number; stride: number; padding: number },
): Promise<Float32Array> {
  const tf = await openTensorEngine({ engine })
  const { size, kernel, stride, padding } = shape
  const input = wave(tf, [2, size, size + 1, 3], 0.37)
  const filter = wave(tf, [kernel, kernel, 3, 4], 0.53)
  const loss = (values: Tensor4D, weights: Tensor4D): Tensor => {
    const convolved = tf.conv2d(values, weights, stride, padding)
    return tf.add(tf.sum(tf.square(convolved)), tf.sum(tf.square(tf.maxPool(values, kernel, stride, padding))))
  }
  const [byInput, byFilter] = tf.grads((values: Tensor, weights: Tensor) => loss(values as Tensor4D, weights as Tensor4D))([input, filter])
  const parts = await Promise.all([loss(input, filter), byInput, byFilter].map((part) => part.data()))
  return Float32Array.from(parts.flatMap((part) => [...part]))
}

function wave(tf: TensorEngine, shape: [number, number, number, number], step: number): Tensor4D {
  const count = shape.reduce((product, size) => product * size, 1)
  return tf.tensor4d(
    Float32Array.from({ length: count }, (_, index) => Math.sin(index * step)),
    shape,
  )
}

describe.each(TESTED_ENGINES.filter((engine) => engine !== 'cpu'))('symmetric padding on the %s engine', (engine) => {
  it('gives the values and gradients of the cpu engine', async () => {
    const shapes = fc
      .record({
        size: fc.integer({ min: 5, max: 9 }),
        kernel: fc.integer({ min: 1, max: 4 }),
        stride: fc.integer({ min: 1, max: 3 }),
        padding: fc.integer({ min: 0, max: 1 }),
      })
      .filter(({ kernel, padding }) => 2 * padding <= kernel)
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const [expected, actual] = [await paddedGradients('cpu', shape), await paddedGradients(engine, shape)]
        const scale = Math.max(...expected.map(Math.abs))
        expect(actual.length).toBe(expected.length)
        for (const [index, value] of expected.entries()) expect(Math.abs(actual[index] - value) / scale).toBeLessThan(2e-6)
      }),
      { numRuns: 25 },
    )
  })
})
