import type { NamedTensor } from '@im-iad/weights'
import { createUNet, uNetParameters, type TensorEngine, type UNet, type UNetArchitecture } from '@im-iad/nn'
import { restorerArchitecture, segmenterArchitecture, type DraemNetworks } from '../../src/networks.ts'
import { formulaValue, uniform } from './formula-weights.ts'

/** Width of both networks of the reference, and the pictures of it. */
export const WIDTH = 8
export const SIZE = 64
export const COUNT = 2

export function formulaNetworks(tf: TensorEngine, { width = WIDTH, lifted = false } = {}): DraemNetworks {
  return {
    restorer: formulaNetwork(tf, restorerArchitecture(width), lifted),
    segmenter: formulaNetwork(tf, segmenterArchitecture(width), lifted),
  }
}

function formulaNetwork(tf: TensorEngine, architecture: UNetArchitecture, lifted: boolean): UNet {
  const weights = new Map(uNetParameters(architecture).map(({ name, shape }) => [name, formulaValue(name, shape, lifted)]))
  return createUNet(tf, architecture, weights, 'trainable')
}

export function formulaPictures(seed: number, size: number = SIZE): NamedTensor & { readonly data: Float32Array } {
  return { shape: [COUNT, size, size, 3], data: uniform(COUNT * size * size * 3, seed, 1, 0.5) }
}

export function formulaMasks(seed: number, size: number = SIZE): NamedTensor & { readonly data: Float32Array } {
  return { shape: [COUNT, size, size, 1], data: uniform(COUNT * size * size, seed).map((value) => (value > 0.3 ? 1 : 0)) }
}
