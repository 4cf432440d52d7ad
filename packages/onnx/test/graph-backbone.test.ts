import { describe, expect, it } from 'vitest'
import { GraphBuilder, openGraphBackbone, type GraphBackbone, type GraphLevel, type Value } from '../src/index.ts'

const LEVELS: readonly GraphLevel[] = [
  { name: 'fine', channels: 3, stride: 2 },
  { name: 'coarse', channels: 3, stride: 4 },
]

/** Means over squares of 2 and 4 pixels. */
function means(graph: GraphBuilder, pixels: Value, levels: readonly GraphLevel[]): readonly Value[] {
  const planes = graph.node('Transpose', [pixels], { perm: [0, 3, 1, 2] })
  return levels.map(({ stride }) => {
    const pooled = graph.node('AveragePool', [planes], { kernel_shape: [stride, stride], strides: [stride, stride] })
    return graph.node('Transpose', [pooled], { perm: [0, 2, 3, 1] })
  })
}

function open(): Promise<GraphBackbone<GraphLevel, GraphBuilder, Value>> {
  const builder = new GraphBuilder('means')
  const values = means(builder, builder.input('pixels', ['batch', 'height', 'width', 3]), LEVELS)
  for (const [index, { name }] of LEVELS.entries()) builder.output(name, values[index], ['batch', `h${index}`, `w${index}`, 3])
  return openGraphBackbone<GraphLevel, GraphBuilder, Value>({
    id: 'means',
    levels: LEVELS,
    model: builder.build(),
    input: 'pixels',
    threads: 1,
    trace: means,
  })
}

const pictures = (height: number, width: number) => ({
  count: 2,
  height,
  width,
  pixels: Uint8Array.from({ length: 2 * height * width * 3 }, (_, index) => index % 256),
})

describe('a backbone that is one graph', () => {
  it('gives the levels of the strides that are asked for, in that order', async () => {
    const backbone = await open()
    const [coarse, fine] = await backbone.extract(pictures(4, 8), [4, 2])
    expect([coarse.level.name, coarse.height, coarse.width]).toEqual(['coarse', 1, 2])
    expect([fine.level.name, fine.height, fine.width, fine.data.length]).toEqual(['fine', 2, 4, 2 * 2 * 4 * 3])
    // Red of the first two pixels of the first two rows: 0, 3, 24, 27.
    expect(fine.data[0]).toBeCloseTo(13.5)
    await backbone.dispose()
  })

  it('names the strides there are, and the sizes it takes', async () => {
    const backbone = await open()
    await expect(backbone.extract(pictures(4, 8), [8])).rejects.toMatchObject({
      code: 'IM_IAD_E_LEVEL',
      message: expect.stringContaining('2, 4'),
    })
    await expect(backbone.extract(pictures(4, 6), [2])).rejects.toMatchObject({
      code: 'IM_IAD_E_INPUT_SIZE',
      message: expect.stringContaining('multiples of 4'),
    })
    await backbone.dispose()
  })
})
