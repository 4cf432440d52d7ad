import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { embeddedModel } from './embedded-model.ts'
import { modelTooLarge } from './errors.ts'
import { ELEMENT_TYPES, writeTensor, type ElementType, type TensorData, type TensorMessage } from './tensor-proto.ts'

/** The operator set that models are written for. */
export const OPSET = 18

/** ONNX IR version 8 goes with operator set 18. */
const IR_VERSION = 8

/** A protocol buffer's length is a signed 32-bit number: what a model holds beside its constants is far smaller than the megabyte left for it. */
const LARGEST_MODEL = 2 ** 31 - 2 ** 20

/** A value of the graph: an input, a constant or a node's output. */
export interface Value {
  readonly name: string
}

/** Integers and lists of integers become INT and INTS; `{ float }` and `{ floats }` mark the others, since JavaScript has one number type. */
export type Attribute = number | readonly number[] | string | { readonly float: number } | { readonly floats: readonly number[] }

/** A dimension: a size, or a name for one that is known only when the model runs. */
export type Dimension = number | string

/** Where an operator is defined: the standard (the default), or ONNX Runtime's own `com.microsoft`. */
export interface NodeOptions {
  readonly domain?: string
}

export interface GraphOptions {
  /** The operator set; {@link OPSET} when absent. The caller answers for operators that differ. */
  readonly operatorSet?: number
  /** The most bytes that constants may take: 2 GB, the most a file may hold, when absent. */
  readonly maximumBytes?: number
}

/**
 * Builds an ONNX model node by node and serialises it (https://onnx.ai, onnx.proto of IR version 8). Only standard operators of the
 * domain `ai.onnx` are meant to be used, so the model runs in any runtime.
 *
 *     const graph = new GraphBuilder('mean')
 *     const image = graph.input('image', ['batch', 3, 'height', 'width'])
 *     graph.output('mean', graph.node('AveragePool', [image], { kernel_shape: [3, 3] }), ['batch', 3, 'h', 'w'])
 *     const bytes = graph.build()
 */
export class GraphBuilder {
  readonly #name: string
  readonly #nodes: Uint8Array[] = []
  readonly #constants: TensorMessage[] = []
  readonly #inputs: Uint8Array[] = []
  readonly #outputs: Uint8Array[] = []
  readonly #domains = new Set<string>()
  readonly #metadata: Uint8Array[] = []
  readonly #maximumBytes: number
  #constantBytes = 0
  #operatorSet: number
  #irVersion = IR_VERSION
  #embedded = 0
  #count = 0

  constructor(name: string, { operatorSet = OPSET, maximumBytes = LARGEST_MODEL }: GraphOptions = {}) {
    this.#name = name
    this.#operatorSet = operatorSet
    this.#maximumBytes = maximumBytes
  }

  /** The operator set of the model, which an embedded one decides. */
  get operatorSet(): number {
    return this.#operatorSet
  }

  /** Declares an input. */
  input(name: string, shape: readonly Dimension[], type: ElementType = 'float32'): Value {
    this.#inputs.push(valueInfo(name, shape, type))
    return { name }
  }

  /** A constant, its type by the class of `data` (bytes are bool); `shape` is a vector's by default. */
  constant(data: TensorData, shape: readonly number[] = [data.length]): Value {
    this.reserve(data.byteLength)
    this.#constantBytes += data.byteLength
    const name = this.#fresh('constant')
    this.#constants.push(writeTensor(name, data, shape))
    return { name }
  }

  /** A float32 constant without dimensions. */
  scalar(value: number): Value {
    return this.constant(Float32Array.of(value), [])
  }

  /** An int64 vector, as shapes, axes and pads want it. */
  integers(...values: readonly number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt))
  }

  /** A node with one output. `null` leaves an optional input out. */
  node(
    operator: string,
    inputs: readonly (Value | null)[],
    attributes: Readonly<Record<string, Attribute>> = {},
    options: NodeOptions = {},
  ): Value {
    const [output] = this.nodes(operator, inputs, 1, attributes, options)
    if (output === undefined) throw new RangeError('a node has at least one output')
    return output
  }

  /** A node with several outputs. */
  nodes(
    operator: string,
    inputs: readonly (Value | null)[],
    outputCount: number,
    attributes: Readonly<Record<string, Attribute>> = {},
    { domain }: NodeOptions = {},
  ): readonly Value[] {
    const outputs = Array.from({ length: outputCount }, () => ({ name: this.#fresh(operator) }))
    const writer = new BinaryWriter()
    for (const input of inputs) writer.tag(1, WireType.LengthDelimited).string(input?.name ?? '')
    for (const output of outputs) writer.tag(2, WireType.LengthDelimited).string(output.name)
    writer.tag(4, WireType.LengthDelimited).string(operator)
    for (const [name, value] of Object.entries(attributes)) writer.tag(5, WireType.LengthDelimited).bytes(attribute(name, value))
    if (domain !== undefined) {
      writer.tag(7, WireType.LengthDelimited).string(domain)
      this.#domains.add(domain)
    }
    this.#nodes.push(writer.finish())
    return outputs
  }

  /** Makes a value an output of the model under the given name. */
  output(name: string, value: Value, shape: readonly Dimension[], type: ElementType = 'float32'): void {
    const writer = new BinaryWriter()
    writer.tag(1, WireType.LengthDelimited).string(value.name)
    writer.tag(2, WireType.LengthDelimited).string(name)
    writer.tag(4, WireType.LengthDelimited).string('Identity')
    this.#nodes.push(writer.finish())
    this.#outputs.push(valueInfo(name, shape, type))
  }

  /** Makes a node's output an output of the model under the name it has, without a node that copies it; gives that name. */
  result(value: Value, shape: readonly Dimension[], type: ElementType = 'float32'): string {
    this.#outputs.push(valueInfo(value.name, shape, type))
    return value.name
  }

  /** Makes sure that constants of so many bytes still fit. @throws ImIadError IM_IAD_E_ONNX_SIZE when they don't */
  reserve(bytes: number): void {
    const wanted = this.#constantBytes + bytes
    if (wanted > this.#maximumBytes) throw modelTooLarge(wanted, this.#maximumBytes)
  }

  /**
   * Takes in a whole model of operator set 13 or later: its names get a prefix, and its operator set becomes that of this model.
   * @param inputs - what goes into the model's inputs, by their names
   * @returns its outputs of the given names, in that order
   * @throws ImIadError IM_IAD_E_ONNX_EMBED when it uses other operators than the standard's, another operator set than one embedded before, one that is too old or too new, or keeps its weights elsewhere
   */
  embed(model: Uint8Array, inputs: Readonly<Record<string, Value>>, outputs: readonly string[]): readonly Value[] {
    const prefix = `embedded${this.#embedded}/`
    const wanted = this.#embedded === 0 ? null : this.#operatorSet
    const parts = embeddedModel(model, {
      rename: (name) => (name === '' ? '' : (inputs[name]?.name ?? prefix + name)),
      operatorSet: wanted,
    })
    const bytes = parts.constants.reduce((sum, constant) => sum + constant.length, 0)
    this.reserve(bytes)
    this.#constantBytes += bytes
    this.#embedded++
    this.#operatorSet = parts.operatorSet
    this.#irVersion = Math.max(this.#irVersion, parts.irVersion)
    for (const node of parts.nodes) this.#nodes.push(node)
    for (const constant of parts.constants) this.#constants.push({ head: constant, values: new Uint8Array(0) })
    return outputs.map((name) => ({ name: prefix + name }))
  }

  /** Adds a note that a reader of the file finds among its metadata. */
  metadata(key: string, text: string): void {
    this.#metadata.push(
      new BinaryWriter().tag(1, WireType.LengthDelimited).string(key).tag(2, WireType.LengthDelimited).string(text).finish(),
    )
  }

  /** The serialised model. */
  build(): Uint8Array<ArrayBuffer> {
    const graph = this.#graphParts()
    const size = graph.reduce((sum, part) => sum + part.length, 0)
    const model = new BinaryWriter()
    model.tag(1, WireType.Varint).int64(this.#irVersion)
    model.tag(2, WireType.LengthDelimited).string('im-iad')
    model.tag(8, WireType.LengthDelimited).bytes(new BinaryWriter().tag(2, WireType.Varint).int64(this.#operatorSet).finish())
    for (const domain of this.#domains)
      model
        .tag(8, WireType.LengthDelimited)
        .bytes(new BinaryWriter().tag(1, WireType.LengthDelimited).string(domain).tag(2, WireType.Varint).int64(1).finish())
    for (const entry of this.#metadata) model.tag(14, WireType.LengthDelimited).bytes(entry)
    model.tag(7, WireType.LengthDelimited).uint32(size)
    return join([model.finish(), ...graph])
  }

  /** GraphProto in parts, so that constants are copied once, into the model. */
  #graphParts(): readonly Uint8Array[] {
    const fields = [
      [1, this.#nodes],
      [11, this.#inputs],
      [12, this.#outputs],
    ] as const
    const small = new BinaryWriter().tag(2, WireType.LengthDelimited).string(this.#name)
    for (const [field, messages] of fields) for (const message of messages) small.tag(field, WireType.LengthDelimited).bytes(message)
    const constants = this.#constants.flatMap(({ head, values }) => [
      new BinaryWriter()
        .tag(5, WireType.LengthDelimited)
        .uint32(head.length + values.length)
        .finish(),
      head,
      values,
    ])
    return [small.finish(), ...constants]
  }

  #fresh(kind: string): string {
    return `${kind}_${this.#count++}`
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

const FLOAT = 1
const INT = 2
const STRING = 3
const FLOATS = 6
const INTS = 7

/** AttributeProto. */
function attribute(name: string, value: Attribute): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).string(name)
  const ofType = (type: number): Uint8Array => writer.tag(20, WireType.Varint).int32(type).finish()
  if (typeof value === 'number') {
    writer.tag(3, WireType.Varint).int64(value)
    return ofType(INT)
  }
  if (typeof value === 'string') {
    writer.tag(4, WireType.LengthDelimited).bytes(new TextEncoder().encode(value))
    return ofType(STRING)
  }
  if (isList(value)) {
    for (const item of value) writer.tag(8, WireType.Varint).int64(item)
    return ofType(INTS)
  }
  if ('float' in value) {
    writer.tag(2, WireType.Bit32).float(value.float)
    return ofType(FLOAT)
  }
  for (const item of value.floats) writer.tag(7, WireType.Bit32).float(item)
  return ofType(FLOATS)
}

function isList(
  value: readonly number[] | { readonly float: number } | { readonly floats: readonly number[] },
): value is readonly number[] {
  return Array.isArray(value)
}

/** ValueInfoProto of a tensor. */
function valueInfo(name: string, shape: readonly Dimension[], type: ElementType): Uint8Array {
  const dimensions = new BinaryWriter()
  for (const dimension of shape) {
    const one = new BinaryWriter()
    if (typeof dimension === 'number') one.tag(1, WireType.Varint).int64(dimension)
    else one.tag(2, WireType.LengthDelimited).string(dimension)
    dimensions.tag(1, WireType.LengthDelimited).bytes(one.finish())
  }
  const tensor = new BinaryWriter()
    .tag(1, WireType.Varint)
    .int32(ELEMENT_TYPES[type])
    .tag(2, WireType.LengthDelimited)
    .bytes(dimensions.finish())
  const typed = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(tensor.finish())
  return new BinaryWriter().tag(1, WireType.LengthDelimited).string(name).tag(2, WireType.LengthDelimited).bytes(typed.finish()).finish()
}
