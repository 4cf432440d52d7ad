import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { createRandomSource } from '@im-iad/core'
import { openTensorEngine } from '@im-iad/nn'
import { writeRandomWeights } from '@im-iad/testkit'
import { openWeights } from '@im-iad/weights'
import { describe, expect, it } from 'vitest'
import backbones from '../src/index.ts'

const FILE = resolve(
  import.meta.dirname,
  '../../..',
  process.env['IM_IAD_WEIGHTS'] ?? '../shared/weights',
  'efficientnet-lite0.safetensors',
)
const isThere = existsSync(FILE)
if (!isThere) process.stderr.write(`NOT TESTED: the names in the published weights; there is no ${FILE}\n`)

describe('the EfficientNet backbones', () => {
  it('have a level for each stride', () => {
    expect(backbones.map(({ id, levels }) => [id, levels.map(({ channels }) => channels)])).toEqual([
      ['efficientnet-lite0', [16, 24, 40, 112, 192]],
      ['efficientnet-b5', [24, 40, 64, 176, 304]],
      ['efficientnet-b6', [32, 40, 72, 200, 344]],
    ])
    for (const { levels } of backbones)
      expect(levels.map(({ name, stride }) => [name, stride])).toEqual([
        ['stage1', 2],
        ['stage2', 4],
        ['stage3', 8],
        ['stage5', 16],
        ['stage6', 32],
      ])
  })

  it("take pixels as their weights were trained: Lite0 with (p - 127) / 128, the others with ImageNet's mean and deviation", () => {
    const imagenet = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] }
    expect(backbones.map(({ normalization }) => normalization)).toEqual([
      { mean: [127, 127, 127], std: [128, 128, 128] },
      imagenet,
      imagenet,
    ])
  })

  it('name files that carry the start of their hash', () => {
    for (const { weights } of backbones) {
      if (weights.kind !== 'download') throw new Error('weights are downloaded')
      const files = [weights, ...(weights.alternatives ?? [])].filter(({ file }) => file.endsWith('.pth'))
      for (const { file, sha256 } of files) expect(file).toContain(`-${sha256.slice(0, 8)}.pth`)
      expect(weights.url.endsWith(`/${weights.file}`)).toBe(true)
    }
  })

  it.runIf(isThere)('have the names and shapes of the published file', async () => {
    const file = await openWeights(FILE)
    const shapes = backbones[0]?.weightShapes?.('efficientnet_pytorch') ?? new Map<string, readonly number[]>()
    for (const [name, shape] of shapes) expect([name, file.tensors.get(name)?.shape]).toEqual([name, shape])
    const rest = [...file.tensors.keys()].filter((name) => !shapes.has(name))
    expect(rest.every((name) => /^(_conv_head|_bn1|_fc)\./.test(name))).toBe(true)
    await file.close()
  })

  it('can be trained', async () => {
    const [lite0] = backbones
    if (lite0?.train === undefined) throw new Error('EfficientNet-Lite0 can be trained')
    const weightsFile = await writeRandomWeights(lite0, 'efficientnet_pytorch')
    const random = createRandomSource(0, 'test').stream('weights')
    const backbone = await lite0.train({ weightsFile, threads: 1 }, { start: 'pretrained', random, strides: [32] })
    if (backbone === null) throw new Error('its weights can be trained on')
    const tf = await openTensorEngine()
    const levels = tf.tidy(() => [...(backbone.forward(tf.ones([1, 33, 32, 3]), 'training') as ReturnType<typeof tf.ones>[])])
    expect(levels.map(({ shape }) => shape)).toEqual([
      [1, 17, 16, 16],
      [1, 9, 8, 24],
      [1, 5, 4, 40],
      [1, 3, 2, 112],
      [1, 2, 1, 192],
    ])
    expect(backbone.variables.has('_blocks.3._expand_conv.weight')).toBe(true)
    tf.dispose(levels)
  })
})
