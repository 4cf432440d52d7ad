import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { notEmbeddable } from './errors.ts'

/** What a model is made of, ready to be put into another one: serialised NodeProto and TensorProto messages. */
export interface EmbeddedModel {
  readonly operatorSet: number
  readonly irVersion: number
  readonly nodes: readonly Uint8Array[]
  readonly constants: readonly Uint8Array[]
}

export interface EmbedOptions {
  /** A value's new name; the empty name is that of an input that is left out. */
  readonly rename: (name: string) => string
  /** The only operator set that will do, or `null`. */
  readonly operatorSet: number | null
}

/** From 13 on the operators that graphs are written with here look alike; what follows 22 is not known yet. */
const OPERATOR_SETS = { oldest: 13, newest: 22 } as const

const STANDARD_DOMAINS: readonly string[] = ['', 'ai.onnx']

/** Field numbers of onnx.proto. */
const MODEL = { irVersion: 1, graph: 7, operatorSets: 8, functions: 25 } as const
const OPERATOR_SET = { domain: 1, version: 2 } as const
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12, valueInfo: 13, sparseInitializer: 15 } as const
const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5, domain: 7 } as const
const ATTRIBUTE = { graph: 6, graphs: 11 } as const
const TENSOR = { name: 8, dataLocation: 14 } as const
const VALUE_INFO = { name: 1 } as const

/**
 * Takes a serialised model apart (onnx.proto, https://onnx.ai) and renames its values, those of subgraphs included. Everything else is copied as it is.
 * @throws ImIadError IM_IAD_E_ONNX_EMBED when the model can't become a part of another one
 */
export function embeddedModel(model: Uint8Array, { rename, operatorSet: wanted }: EmbedOptions): EmbeddedModel {
  let irVersion = 0
  let graph: Uint8Array | null = null
  let operatorSet: number | null = null
  for (const field of fieldsOf(model)) {
    if (field.number === MODEL.irVersion) irVersion = field.value
    else if (field.number === MODEL.graph) graph = field.bytes
    else if (field.number === MODEL.operatorSets) operatorSet ??= standardOperatorSet(field.bytes)
    else if (field.number === MODEL.functions)
      throw notEmbeddable('it defines functions of its own', 'inline them (onnx.inliner.inline_local_functions)')
  }
  if (graph === null || operatorSet === null)
    throw notEmbeddable('it has no graph of standard operators', 'check the file with onnx.checker')
  checkOperatorSet(operatorSet, wanted)
  return { operatorSet, irVersion, ...partsOf(graph, rename) }
}

function checkOperatorSet(operatorSet: number, wanted: number | null): void {
  const { oldest, newest } = OPERATOR_SETS
  if (operatorSet < oldest || operatorSet > newest)
    throw notEmbeddable(
      `it is of operator set ${operatorSet}; ${oldest} to ${newest} will do`,
      'export it again with opset_version=17, or bring it there with onnx.version_converter, and fit again with that file',
    )
  if (wanted !== null && operatorSet !== wanted)
    throw notEmbeddable(
      `it is of operator set ${operatorSet}, and another part of the model is of ${wanted}`,
      'export both with one operator set, and fit again with these files',
    )
}

function standardOperatorSet(bytes: Uint8Array): number | null {
  let domain = ''
  let version = 0
  for (const field of fieldsOf(bytes))
    if (field.number === OPERATOR_SET.domain) domain = textOf(field.bytes)
    else if (field.number === OPERATOR_SET.version) version = field.value
  return STANDARD_DOMAINS.includes(domain) ? version : null
}

type Rename = EmbedOptions['rename']

function partsOf(graph: Uint8Array, rename: Rename): Pick<EmbeddedModel, 'nodes' | 'constants'> {
  const nodes: Uint8Array[] = []
  const constants: Uint8Array[] = []
  for (const { number, bytes } of fieldsOf(graph)) {
    if (number === GRAPH.node) nodes.push(renamedNode(bytes, rename))
    else if (number === GRAPH.initializer) constants.push(renamedTensor(bytes, rename))
    else if (number === GRAPH.sparseInitializer) throw sparseWeights()
  }
  return { nodes, constants }
}

function renamedNode(node: Uint8Array, rename: Rename): Uint8Array {
  let operator = ''
  let domain = ''
  for (const { number, bytes } of fieldsOf(node))
    if (number === NODE.operator) operator = textOf(bytes)
    else if (number === NODE.domain) domain = textOf(bytes)
  if (!STANDARD_DOMAINS.includes(domain))
    throw notEmbeddable(
      `it uses the operator "${operator}" of ${domain}, which is not part of the standard`,
      'export it without optimisations for one runtime, and fit again with that file',
    )
  return rewrite(node, (number, bytes) => {
    if (number === NODE.input || number === NODE.output) return renamed(bytes, rename)
    // A node's own name means nothing, but must be unique.
    if (number === NODE.name) return new Uint8Array(0)
    return number === NODE.attribute ? renamedAttribute(bytes, rename) : bytes
  })
}

/** Bodies of `If`, `Loop` and `Scan` are graphs that see the values around them. */
function renamedAttribute(attribute: Uint8Array, rename: Rename): Uint8Array {
  return rewrite(attribute, (number, bytes) =>
    number === ATTRIBUTE.graph || number === ATTRIBUTE.graphs ? renamedGraph(bytes, rename) : bytes,
  )
}

function renamedGraph(graph: Uint8Array, rename: Rename): Uint8Array {
  return rewrite(graph, (number, bytes) => {
    if (number === GRAPH.node) return renamedNode(bytes, rename)
    if (number === GRAPH.initializer) return renamedTensor(bytes, rename)
    if (number === GRAPH.sparseInitializer) throw sparseWeights()
    const isValue = number === GRAPH.input || number === GRAPH.output || number === GRAPH.valueInfo
    return isValue ? rewrite(bytes, (inner, name) => (inner === VALUE_INFO.name ? renamed(name, rename) : name)) : bytes
  })
}

function renamedTensor(tensor: Uint8Array, rename: Rename): Uint8Array {
  for (const { number, value } of fieldsOf(tensor))
    if (number === TENSOR.dataLocation && value !== 0)
      throw notEmbeddable(
        'its weights are in another file',
        'save it with its weights inside (onnx.save with save_as_external_data=False), and fit again',
      )
  return rewrite(tensor, (number, bytes) => (number === TENSOR.name ? renamed(bytes, rename) : bytes))
}

function sparseWeights(): Error {
  return notEmbeddable('it has sparse weights', 'export it with dense ones, and fit again')
}

function renamed(name: Uint8Array, rename: Rename): Uint8Array {
  return new TextEncoder().encode(rename(textOf(name)))
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

interface Field {
  readonly number: number
  readonly type: WireType
  /** The content of a length-delimited field; else the field as it is encoded. */
  readonly bytes: Uint8Array
  /** Of a varint; else 0. */
  readonly value: number
}

/** The fields of a message, without copying. @throws ImIadError IM_IAD_E_ONNX_EMBED when it is malformed */
function* fieldsOf(message: Uint8Array): Generator<Field> {
  const reader = new BinaryReader(message)
  while (reader.pos < reader.len) yield nextField(reader)
}

function nextField(reader: BinaryReader): Field {
  try {
    const [number, type] = reader.tag()
    if (type === WireType.LengthDelimited) return { number, type, bytes: reader.bytes(), value: 0 }
    const bytes = reader.skip(type, number)
    return { number, type, bytes, value: type === WireType.Varint ? Number(new BinaryReader(bytes).int64()) : 0 }
  } catch (error) {
    throw notEmbeddable(error instanceof Error ? error.message : String(error), 'check the file with onnx.checker')
  }
}

/** The message with the contents of its length-delimited fields replaced. */
function rewrite(message: Uint8Array, replace: (number: number, bytes: Uint8Array) => Uint8Array): Uint8Array {
  const writer = new BinaryWriter()
  for (const { number, type, bytes } of fieldsOf(message)) {
    if (type === WireType.LengthDelimited) writer.tag(number, type).bytes(replace(number, bytes))
    else writer.tag(number, type).raw(bytes)
  }
  return writer.finish()
}
