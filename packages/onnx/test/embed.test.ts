import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { describe, expect, it } from 'vitest'
import { GraphBuilder, openSession, type FloatTensor, type GraphOptions } from '../src/index.ts'

/** `scale · Relu(x + 1)`: two constants and two nodes that get the same names in every model. */
function toyModel(scale: number, options: GraphOptions = {}): Uint8Array {
  const graph = new GraphBuilder('toy', options)
  const shifted = graph.node('Relu', [graph.node('Add', [graph.input('x', ['n']), graph.scalar(1)])])
  graph.output('y', graph.node('Mul', [shifted, graph.scalar(scale)]), ['n'])
  graph.output('unused', shifted, ['n'])
  return graph.build()
}

async function run(graph: GraphBuilder, feeds: Readonly<Record<string, FloatTensor>>): Promise<readonly number[]> {
  const session = await openSession(graph.build(), { threads: 1 })
  const result = (await session.run(feeds, ['result'])).get('result')
  await session.dispose()
  return [...(result?.data ?? [])]
}

const X = { x: { shape: [2], data: Float32Array.of(-3, 4) } }

function message(field: number, content: Uint8Array | string | number): Uint8Array {
  const writer = new BinaryWriter()
  if (typeof content === 'number') return writer.tag(field, WireType.Varint).int64(content).finish()
  if (typeof content === 'string') return writer.tag(field, WireType.LengthDelimited).string(content).finish()
  return writer.tag(field, WireType.LengthDelimited).bytes(content).finish()
}

function bytes(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

describe('embed', () => {
  it('takes models in beside nodes of its own, any number of times, however alike their names', async () => {
    const graph = new GraphBuilder('outer')
    const doubled = graph.node('Mul', [graph.input('x', ['n']), graph.scalar(2)])
    const [first] = graph.embed(toyModel(10), { x: doubled }, ['y'])
    if (first === undefined) throw new Error('no output')
    const [second] = graph.embed(toyModel(0.5), { x: first }, ['y'])
    if (second === undefined) throw new Error('no output')
    graph.output('result', graph.node('Sub', [second, graph.scalar(1)]), ['n'])
    expect(await run(graph, X)).toEqual([0, (10 * 9 + 1) / 2].map((value, index) => (index === 0 ? 0.5 - 1 : value - 1)))
  })

  it('renames what the bodies of control flow see', async () => {
    // If(x[0] > 0) then x + c else x - c, both bodies written by hand: GraphBuilder has no subgraphs.
    const body = (operator: string): Uint8Array =>
      bytes(
        message(1, bytes(message(1, 'x'), message(1, 'c'), message(2, 'inner'), message(3, 'same name'), message(4, operator))),
        message(2, operator),
        message(12, message(1, 'inner')),
      )
    const attribute = (name: string, operator: string): Uint8Array =>
      message(5, bytes(message(1, name), message(6, body(operator)), message(20, 5)))
    const inner = new GraphBuilder('inner')
    const x = inner.input('x', [1])
    inner.output('positive', inner.node('Greater', [x, inner.scalar(0)]), [1], 'bool')
    const withBranches = bytes(
      message(1, 8),
      message(8, message(2, 18)),
      message(
        7,
        bytes(
          message(1, bytes(message(1, 'x'), message(1, 'zero'), message(2, 'condition'), message(4, 'Greater'))),
          message(
            1,
            bytes(
              message(1, 'condition'),
              message(2, 'y'),
              message(4, 'If'),
              attribute('then_branch', 'Add'),
              attribute('else_branch', 'Sub'),
            ),
          ),
          message(5, bytes(message(1, 1), message(2, 1), message(8, 'zero'), message(9, new Uint8Array(4)))),
          message(5, bytes(message(1, 1), message(2, 1), message(8, 'c'), message(9, new Uint8Array(Float32Array.of(5).buffer)))),
        ),
      ),
    )
    const graph = new GraphBuilder('outer')
    const [y] = graph.embed(withBranches, { x: graph.input('picture', [1]) }, ['y'])
    if (y === undefined) throw new Error('no output')
    graph.output('result', y, [1])
    expect(await run(graph, { picture: { shape: [1], data: Float32Array.of(2) } })).toEqual([7])
    expect(await run(graph, { picture: { shape: [1], data: Float32Array.of(-2) } })).toEqual([-7])
  })

  it('becomes of the operator set of the model', async () => {
    for (const operatorSet of [13, 17, 20]) {
      const graph = new GraphBuilder('outer')
      const [y] = graph.embed(toyModel(1, { operatorSet }), { x: graph.input('x', ['n']) }, ['y'])
      if (y === undefined) throw new Error('no output')
      graph.output('result', y, ['n'])
      expect(graph.operatorSet).toBe(operatorSet)
      expect(await run(graph, X)).toEqual([0, 5])
    }
  })

  const embed = (model: Uint8Array) => () => {
    const graph = new GraphBuilder('outer')
    return graph.embed(model, { x: graph.input('x', ['n']) }, ['y'])
  }
  const model = (...graph: readonly Uint8Array[]): Uint8Array =>
    bytes(message(1, 8), message(8, message(2, 18)), message(7, bytes(...graph)))
  const node = (domain: string): Uint8Array =>
    message(1, bytes(message(1, 'x'), message(2, 'y'), message(4, 'FusedMatMul'), message(7, domain)))

  it.each([
    ['an operator set that is too old', toyModel(1, { operatorSet: 11 }), 'operator set 11; 13 to 22 will do'],
    ['one that is too new', toyModel(1, { operatorSet: 40 }), 'operator set 40'],
    ['operators beyond the standard', model(node('com.microsoft')), '"FusedMatMul" of com.microsoft'],
    ['weights in another file', model(message(5, bytes(message(8, 'w'), message(14, 1)))), 'weights are in another file'],
    ['functions of its own', bytes(toyModel(1), message(25, 'f')), 'functions of its own'],
    ['sparse weights', model(message(15, new Uint8Array(0))), 'sparse weights'],
    ['no graph', message(1, 8), 'no graph of standard operators'],
    ['no model', new TextEncoder().encode('not a model'), 'IM_IAD_E_ONNX_EMBED'],
  ])('refuses %s', (_, bytesGiven, text) => {
    expect(embed(bytesGiven)).toThrow(text)
  })

  it('refuses a second model of another operator set', () => {
    const graph = new GraphBuilder('outer')
    const x = graph.input('x', ['n'])
    graph.embed(toyModel(1, { operatorSet: 17 }), { x }, ['y'])
    expect(() => graph.embed(toyModel(1, { operatorSet: 18 }), { x }, ['y'])).toThrow('another part of the model is of 17')
  })
})

describe('a limit on constants', () => {
  it('is kept by constants, embedded models and announcements alike, saying how much is too much', () => {
    const graph = new GraphBuilder('small', { maximumBytes: 2 ** 20 })
    graph.constant(new Float32Array(2 ** 17))
    expect(() => graph.constant(new Float32Array(2 ** 18))).toThrow(/IM_IAD_E_ONNX_SIZE[^]*take 2 MiB, and 1 MiB is the most/)
    expect(() => graph.reserve(2 ** 20)).toThrow('too large for one ONNX file')
    graph.reserve(2 ** 19)
    const other = new GraphBuilder('large')
    other.output('y', other.node('Add', [other.input('x', ['n']), other.constant(new Float32Array(2 ** 18))]), ['n'])
    expect(() => graph.embed(other.build(), { x: { name: 'x' } }, ['y'])).toThrow('IM_IAD_E_ONNX_SIZE')
  })

  it('is what one file can hold when none is given', () => {
    expect(() => new GraphBuilder('large').reserve(2 ** 31)).toThrow('2,047 MiB is the most')
  })
})
