import fc from 'fast-check'
import { applyGeometry, type Geometry, type PixelImage } from '@im-iad/images'
import { GraphBuilder, openSession, type OnnxSession } from '@im-iad/onnx'
import { describe, expect, it } from 'vitest'
import { traceGeometry, tracePictures } from '../src/export/trace-geometry.ts'

async function openGeometry(geometry: Geometry): Promise<OnnxSession> {
  const graph = new GraphBuilder('geometry')
  const framed = traceGeometry(graph, tracePictures(graph, graph.input('image', ['n', 'h', 'w', 3], 'uint8')), geometry)
  graph.output('frames', framed.value, ['n', framed.height, framed.width, 3])
  return openSession(graph.build(), { threads: 1 })
}

async function frames(session: OnnxSession, pictures: readonly PixelImage[]): Promise<Float32Array> {
  const [{ width, height } = { width: 0, height: 0 }] = pictures
  const data = new Uint8Array(pictures.length * width * height * 3)
  for (const [index, one] of pictures.entries()) data.set(one.data, index * width * height * 3)
  const result = await session.run({ image: { shape: [pictures.length, height, width, 3], data } })
  return result.get('frames')?.data ?? new Float32Array(0)
}

function picture(width: number, height: number, seed: number, levels: 2 | 256 = 256): PixelImage {
  let state = seed >>> 0
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return levels === 2 ? (state >>> 31) * 255 : state >>> 24
  })
  return { width, height, channels: 3, data }
}

function expected(pictures: readonly PixelImage[], geometry: Geometry): Float32Array {
  return Float32Array.from(pictures.flatMap((one) => [...applyGeometry(one, geometry).data]))
}

const side = fc.integer({ min: 1, max: 90 })
const geometries: fc.Arbitrary<Geometry> = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    resample: fc.constantFrom('bilinear' as const, 'lanczos' as const),
    crop: fc.option(fc.record({ across: fc.double({ min: 0, max: 1, noNaN: true }), down: fc.double({ min: 0, max: 1, noNaN: true }) })),
  })
  .map(({ width, height, resample, crop }) => ({
    resize: { width, height },
    resample,
    crop: crop === null ? null : { width: 1 + Math.floor(crop.across * (width - 1)), height: 1 + Math.floor(crop.down * (height - 1)) },
  }))

describe('the geometry inside an exported model', () => {
  it('equals that of images bit for bit, for any size, filter and crop, one picture or several', async () => {
    await fc.assert(
      fc.asyncProperty(
        geometries,
        side,
        side,
        fc.integer(),
        fc.integer({ min: 1, max: 3 }),
        async (geometry, width, height, seed, count) => {
          const session = await openGeometry(geometry)
          const pictures = Array.from({ length: count }, (_, index) => picture(width, height, seed + index))
          expect(await frames(session, pictures)).toEqual(expected(pictures, geometry))
          await session.dispose()
        },
      ),
      { numRuns: 60 },
    )
  })

  it.each(['bilinear', 'lanczos'] as const)('holds for large pictures and hard edges, which make %s overshoot', async (resample) => {
    const geometry: Geometry = { resize: { width: 64, height: 48 }, resample, crop: null }
    const session = await openGeometry(geometry)
    for (const [width, height] of [
      [1601, 1203],
      [64, 48],
      [7, 3000],
      [4100, 5],
    ] as const) {
      const hard = [picture(width, height, 7, 2)]
      expect(await frames(session, hard)).toEqual(expected(hard, geometry))
    }
    await session.dispose()
  })
})
