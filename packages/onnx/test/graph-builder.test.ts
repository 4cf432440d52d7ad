import { describe, expect, it } from 'vitest'
import { GraphBuilder, openSession } from '../src/index.ts'

describe('GraphBuilder', () => {
  it('builds a model that ONNX Runtime runs, with every kind of attribute and constant', async () => {
    const graph = new GraphBuilder('test')
    const image = graph.input('image', ['batch', 1, 'height', 'width'])
    const padded = graph.node('Pad', [image, graph.integers(0, 0, 1, 1, 0, 0, 1, 1), null], { mode: 'reflect' })
    const filtered = graph.node('Conv', [padded, graph.constant(Float32Array.of(0, 0, 0, 0, 2, 0, 0, 0, 1), [1, 1, 3, 3])], {
      kernel_shape: [3, 3],
    })
    const leaky = graph.node('LeakyRelu', [graph.node('Sub', [filtered, graph.scalar(10)])], { alpha: { float: 0.5 } })
    graph.output('result', leaky, ['batch', 1, 'height', 'width'])
    const session = await openSession(graph.build(), { threads: 1 })
    const { data, shape } = (await session.run({ image: { shape: [1, 1, 2, 2], data: Float32Array.of(1, 2, 3, 4) } })).get('result') ?? {
      data: [],
      shape: [],
    }
    // Reflected, the lower right neighbours of 1 2 / 3 4 are 4 3 / 2 1.
    expect([...data]).toEqual([2 + 4, 4 + 3, 6 + 2, 8 + 1].map((value) => (value < 10 ? (value - 10) / 2 : value - 10)))
    expect(shape).toEqual([1, 1, 2, 2])
    expect(session.inputs).toEqual([{ name: 'image', type: 'float32', shape: ['batch', 1, 'height', 'width'] }])
    await session.dispose()
  })

  it('gives several outputs of one node', async () => {
    const graph = new GraphBuilder('split')
    const [first, second] = graph.nodes('Split', [graph.input('both', [4])], 2, { axis: 0, num_outputs: 2 })
    if (first === undefined || second === undefined) throw new Error('no outputs')
    graph.output('first', first, [2])
    graph.output('second', second, [2])
    const session = await openSession(graph.build(), { threads: 1 })
    const results = await session.run({ both: { shape: [4], data: Float32Array.of(1, 2, 3, 4) } })
    expect([...results].map(([name, { data }]) => [name, [...data]])).toEqual([
      ['first', [1, 2]],
      ['second', [3, 4]],
    ])
    await session.dispose()
  })

  it('takes operators of other domains, constants of every type, and outputs under their own names', async () => {
    const graph = new GraphBuilder('domains')
    const x = graph.input('x', [2, 3])
    const product = graph.node('FusedMatMul', [x, x], { transB: 1 }, { domain: 'com.microsoft' })
    const rows = graph.node('Gather', [product, graph.constant(Int32Array.of(1, 0))])
    const name = graph.result(graph.node('Where', [graph.constant(Uint8Array.of(1, 0), [1, 2]), rows, graph.scalar(0)]), [2, 2])
    const session = await openSession(graph.build(), { threads: 1 })
    const results = await session.run({ x: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) } })
    expect([...(results.get(name)?.data ?? [])]).toEqual([32, 0, 14, 0])
    await session.dispose()
  })

  it('gives the same bytes for the same graph', () => {
    const build = (): Uint8Array => {
      const graph = new GraphBuilder('twice')
      graph.output('y', graph.node('Abs', [graph.input('x', ['n'])]), ['n'])
      return graph.build()
    }
    expect(build()).toEqual(build())
  })

  it('refuses a constant whose shape holds another number of values', () => {
    expect(() => new GraphBuilder('x').constant(Float32Array.of(1, 2, 3), [2, 2])).toThrow('needs 4 values, got 3')
  })
})

describe('openSession', () => {
  it('names a file that is no model', async () => {
    await expect(openSession(new TextEncoder().encode('not a model'), { threads: 1 })).rejects.toThrow(
      /cannot load the ONNX model \[IM_IAD_E_ONNX\][^]*11 bytes/,
    )
  })
})
