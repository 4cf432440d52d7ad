import { createRandomSource } from '@im-iad/core'
import { openTensorEngine } from '@im-iad/nn'
import { writeRandomWeights } from '@im-iad/testkit'
import { describe, expect, it } from 'vitest'
import backbones from '../src/index.ts'

describe('the residual backbones', () => {
  it("have torchvision's levels", () => {
    expect(backbones.map(({ id, levels }) => [id, levels.map(({ channels }) => channels)])).toEqual([
      ['resnet18', [64, 128, 256, 512]],
      ['resnet34', [64, 128, 256, 512]],
      ['resnet50', [256, 512, 1024, 2048]],
      ['wide-resnet50-2', [256, 512, 1024, 2048]],
    ])
    for (const { levels } of backbones)
      expect(levels.map(({ name, stride }) => [name, stride])).toEqual([
        ['layer1', 4],
        ['layer2', 8],
        ['layer3', 16],
        ['layer4', 32],
      ])
  })

  it("take pixels as ImageNet's mean and deviation", () => {
    for (const { normalization } of backbones)
      expect(normalization).toEqual({ mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] })
  })

  it("name files that carry the start of their hash, as torchvision's do", () => {
    for (const { weights } of backbones) {
      if (weights.kind !== 'download') throw new Error('weights are downloaded')
      expect(weights.file).toContain(`-${weights.sha256.slice(0, 8)}.pth`)
      expect(weights.url.endsWith(`/${weights.file}`)).toBe(true)
    }
  })

  it('hold as many parameters as published', () => {
    const counts = backbones.map(({ weightShapes }) => weightShapes?.('torchvision').size)
    // 20, 36, 53 and 53 convolutions, each with four tensors of its normalisation.
    expect(counts).toEqual([20, 36, 53, 53].map((convolutions) => 5 * convolutions))
  })

  it('can be trained', async () => {
    const [resnet18] = backbones
    if (resnet18?.train === undefined) throw new Error('ResNet-18 can be trained')
    const weightsFile = await writeRandomWeights(resnet18, 'torchvision')
    const random = createRandomSource(0, 'test').stream('weights')
    const backbone = await resnet18.train({ weightsFile, threads: 1 }, { start: 'pretrained', random, strides: [32] })
    if (backbone === null) throw new Error('its weights can be trained on')
    const tf = await openTensorEngine()
    const levels = tf.tidy(() => [...(backbone.forward(tf.ones([1, 32, 32, 3]), 'training') as ReturnType<typeof tf.ones>[])])
    expect(levels.map(({ shape }) => shape)).toEqual([
      [1, 8, 8, 64],
      [1, 4, 4, 128],
      [1, 2, 2, 256],
      [1, 1, 1, 512],
    ])
    expect(backbone.variables.has('layer4.1.conv2.weight')).toBe(true)
    tf.dispose(levels)
  })
})
