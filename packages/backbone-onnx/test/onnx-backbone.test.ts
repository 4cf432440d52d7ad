import { writeFile } from 'node:fs/promises'
import type { FeatureExtractor, ImageBatch } from '@im-iad/core'
import { describe, expect, it } from 'vitest'
import { openOnnxBackbone } from '../src/open-onnx-backbone.ts'
import { writeModel, type ToyModel } from './support/toy-model.ts'

const open = async (model: ToyModel, description?: unknown): Promise<FeatureExtractor> =>
  openOnnxBackbone({ weightsFile: await writeModel(model, description), threads: 1 })

/** Pictures of one colour each. */
function batchOf(...colours: readonly (readonly [number, number, number])[]): ImageBatch {
  const plane = 16 * 24
  const pixels = new Uint8Array(colours.length * plane * 3)
  for (const [image, colour] of colours.entries())
    for (let pixel = 0; pixel < plane; pixel++) pixels.set(colour, (image * plane + pixel) * 3)
  return { count: colours.length, height: 16, width: 24, pixels }
}

const PLAIN = { mean: [0, 0, 0], std: [1, 1, 1] }

describe('an .onnx file as a backbone', () => {
  it('tells its outputs apart by their stride', async () => {
    const backbone = await open({ pools: [16, 4, 8], logits: true }, PLAIN)
    expect(backbone.levels).toEqual([
      { name: 'pool1', channels: 3, stride: 4 },
      { name: 'pool2', channels: 3, stride: 8 },
      { name: 'pool0', channels: 3, stride: 16 },
    ])
    expect(backbone.notes).toEqual([])
  })

  it.each(['NCHW', 'NHWC'] as const)('gives features as [N, H, W, C] from a %s model', async (layout) => {
    const backbone = await open({ layout }, { ...PLAIN, layout })
    const [coarse, fine] = await backbone.extract(batchOf([10, 20, 30], [40, 50, 60]), [8, 4])
    expect([coarse?.height, coarse?.width, coarse?.data.length]).toEqual([2, 3, 2 * 6 * 3])
    expect([...(coarse?.data.subarray(0, 6) ?? [])]).toEqual([10, 20, 30, 10, 20, 30])
    expect([...(fine?.data.subarray(-3) ?? [])]).toEqual([40, 50, 60])
    await backbone.dispose()
  })

  it('normalises by the description beside it, in units of 0…255', async () => {
    const backbone = await open({}, { mean: [10, 20, 30], std: [2, 4, 8] })
    const [level] = await backbone.extract(batchOf([20, 40, 70]), [4])
    expect([...(level?.data.subarray(0, 3) ?? [])]).toEqual([5, 5, 5])
  })

  it("assumes ImageNet's normalisation without one, and says so", async () => {
    const backbone = await open({})
    const [level] = await backbone.extract(batchOf([255, 255, 255]), [4])
    const expected = [(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225]
    for (const [channel, value] of expected.entries()) expect(level?.data[channel]).toBeCloseTo(value, 4)
    expect(backbone.notes).toHaveLength(1)
    expect(backbone.notes[0]).toContain('no toy.json beside the model')
  })

  it('runs a model of fixed batch size as often as it takes', async () => {
    const backbone = await open({ batch: 2 }, PLAIN)
    const colours = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ] as const
    const [level] = await backbone.extract(batchOf(...colours), [8])
    expect(level?.data.length).toBe(3 * 6 * 3)
    expect([0, 1, 2].map((image) => [...(level?.data.subarray(image * 18, image * 18 + 3) ?? [])])).toEqual(colours)
  })

  it.each<[string, ToyModel, string]>([
    ['several inputs', { secondInput: true }, 'it has 2 inputs (image, second)'],
    ['an input that is no picture', { channels: 5 }, '5 channels where pictures have 3'],
    ['no feature map', { pools: [], logits: true }, 'logits [1, 3]; feature maps are expected'],
    ['two levels of one stride', { pools: [4, 4] }, '"pool0" and "pool1" both have stride 4'],
  ])('refuses a model with %s', async (_name, model, message) => {
    const opening = open(model, PLAIN)
    await expect(opening).rejects.toThrow(message)
    await expect(opening).rejects.toThrow('toy.onnx')
  })

  it.each([
    ['{', 'JSON'],
    [{ mean: [1, 2], std: [1, 1, 1] }, '"mean" is not a list of three numbers'],
    [{ mean: [1, 2, 3], std: [1, 0, 1] }, '"std" holds a value that is not positive'],
    [{ ...PLAIN, layout: 'HWC' }, '"layout" is neither'],
  ])('refuses the description %j', async (description, message) => {
    await expect(open({}, description)).rejects.toThrow(message)
  })

  it('refuses a file that is no model', async () => {
    const file = await writeModel({})
    await writeFile(file, 'not a model')
    await expect(openOnnxBackbone({ weightsFile: file, threads: 1 })).rejects.toThrow('cannot load the ONNX model')
  })
})
