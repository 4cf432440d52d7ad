import { engine, type BackendValues, type DataId, type DataType, type KernelBackend } from '@tensorflow/tfjs-core'
import type { EngineCounters } from './counters.ts'
import { pendingRead, unsupportedType } from './errors.ts'
import { allocate, sizeOf, type ElementType, type Values } from './facts.ts'
import { LazyEngine, type EngineOptions } from './lazy-engine.ts'
import { LazyValue } from './recording/lazy-value.ts'

/** What tfjs knows a tensor by. */
interface Entry {
  readonly value: LazyValue
  references: number
}

/** Machine precision that tfjs adds where it divides; its other 32-bit backends use the same. */
const EPSILON = 1e-7

/** tfjs's view of the engine: tensors by their data ids. */
export class LazyBackend implements Required<
  Pick<
    KernelBackend,
    | 'read'
    | 'readSync'
    | 'write'
    | 'disposeData'
    | 'incRef'
    | 'refCount'
    | 'move'
    | 'memory'
    | 'numDataIds'
    | 'floatPrecision'
    | 'epsilon'
    | 'dispose'
    | 'timerAvailable'
    | 'time'
  >
> {
  readonly engine: LazyEngine
  #entries = new WeakMap<DataId, Entry>()
  #count = 0

  constructor(options: EngineOptions) {
    this.engine = new LazyEngine(options)
  }

  counters(): EngineCounters {
    const { fallbacks, compiledPlans, cacheHits, compileSeconds } = this.engine.tally
    return {
      fallbacks: Object.fromEntries(fallbacks),
      compiledPlans,
      cachedPlans: this.engine.cachedPlans,
      cacheHits,
      pendingNodes: LazyValue.pendingHandles,
      liveBuffers: this.#count,
      compileSeconds,
    }
  }

  /** The value behind a data id; tensors of other backends are moved here first, as tfjs has it. */
  valueOf(dataId: DataId): LazyValue {
    if (!this.#entries.has(dataId)) engine().moveData(this as unknown as KernelBackend, dataId)
    const entry = this.#entries.get(dataId)
    if (entry === undefined) throw new Error('a tensor was used after it was disposed')
    return entry.value
  }

  has(dataId: DataId): boolean {
    return this.#entries.has(dataId)
  }

  /** A new data id for a value. */
  hold(value: LazyValue, references = 1): DataId {
    const dataId = {}
    this.#keep(dataId, value, references)
    return dataId
  }

  write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    return this.hold(LazyValue.written(toValues(values, shape, dtype), shape, toElementType(dtype)))
  }

  /** A filter of the given shape, `[height, width, input, output]`, whose elements lie as ONNX Runtime wants them. */
  writeFilter(values: Float32Array, shape: readonly number[]): DataId {
    return this.hold(LazyValue.written(toValues(values, shape, 'float32'), shape, 'float32', 'filter-first'))
  }

  move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, references: number): void {
    this.#keep(dataId, LazyValue.written(toValues(values, shape, dtype), shape, toElementType(dtype)), references)
  }

  async read(dataId: DataId): Promise<BackendValues> {
    const value = this.valueOf(dataId)
    await this.engine.compute([value])
    return logicalElements(value)
  }

  readSync(dataId: DataId): BackendValues {
    return logicalElements(this.valueOf(dataId))
  }

  incRef(dataId: DataId): void {
    const entry = this.#entries.get(dataId)
    if (entry === undefined) return
    entry.references++
    this.engine.markVariable(entry.value)
  }

  refCount(dataId: DataId): number {
    return this.#entries.get(dataId)?.references ?? 0
  }

  disposeData(dataId: DataId, force = false): boolean {
    const entry = this.#entries.get(dataId)
    if (entry === undefined) return true
    entry.references--
    if (!force && entry.references > 0) return false
    this.#entries.delete(dataId)
    this.#count--
    entry.value.removeHandle()
    return true
  }

  numDataIds(): number {
    return this.#count
  }

  memory(): { unreliable: boolean; reasons: string[] } {
    return { unreliable: true, reasons: ['tensors are computed lazily, and buffers are shared'] }
  }

  floatPrecision(): 16 | 32 {
    return 32
  }

  epsilon(): number {
    return EPSILON
  }

  timerAvailable(): boolean {
    return false
  }

  time(): Promise<{ kernelMs: { error: string } }> {
    return Promise.resolve({ kernelMs: { error: 'kernels are not run one by one' } })
  }

  dispose(): void {
    this.#entries = new WeakMap()
    this.#count = 0
    void this.engine.dispose()
  }

  #keep(dataId: DataId, value: LazyValue, references: number): void {
    value.addHandle()
    this.#count++
    this.#entries.set(dataId, { value, references })
  }
}

function logicalElements(value: LazyValue): Values {
  if (value.data === null && sizeOf(value.shape) > 0) throw pendingRead()
  return value.peek()
}

/** @throws ImIadError IM_IAD_E_ONNX_ENGINE for complex numbers and strings */
export function toElementType(dtype: DataType): ElementType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype
  throw unsupportedType(dtype)
}

/** ONNX Runtime takes typed arrays over their own memory only. */
function toValues(values: BackendValues, shape: readonly number[], dtype: DataType): Values {
  const type = toElementType(dtype)
  const expected = allocate(type, 0).constructor
  if (values.constructor === expected && !isShared(values)) return values as Values
  const copy = allocate(type, sizeOf(shape))
  for (let index = 0; index < copy.length; index++) copy[index] = Number(values[index])
  return copy
}

function isShared(values: BackendValues): boolean {
  return !Array.isArray(values) && values.buffer instanceof SharedArrayBuffer
}
