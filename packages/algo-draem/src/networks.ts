import { createUNet, normalInitialization, uNetParameters, type TensorEngine, type UNet, type UNetArchitecture } from '@im-iad/nn'
import type { RandomStream } from '@im-iad/core'
import type { Variable } from '@tensorflow/tfjs-core'

/** The two networks. */
export interface DraemNetworks {
  /** `[count, height, width, 3]` damaged to restored, both 0…1 (restored ones roughly). */
  readonly restorer: UNet
  /** `[count, height, width, 6]`, restored and damaged, to logits `[count, height, width, 2]` of sound and damaged. */
  readonly segmenter: UNet
}

export interface NetworkWidths {
  readonly restorerWidth: number
  readonly segmenterWidth: number
}

/** An autoencoder: no skips, so that what is damaged can't pass by the bottleneck. */
export function restorerArchitecture(width: number): UNetArchitecture {
  const levels = [
    [8, 4],
    [4, 2],
    [2, 1],
    [1, 1],
  ] as const
  return {
    inputChannels: 3,
    encoder: encoderBlocks('encoder', [1, 2, 4, 8, 8], width),
    decoder: levels.map(([input, output], index) => ({
      up: { name: `decoder.up${index + 1}`, channels: input * width },
      block: { name: `decoder.db${index + 1}`, channels: [input * width, output * width] },
    })),
    skips: false,
    output: { name: 'decoder.fin_out', channels: 3 },
  }
}

export function segmenterArchitecture(width: number): UNetArchitecture {
  const levels = [
    ['_b', 8],
    ['1', 4],
    ['2', 2],
    ['3', 1],
    ['4', 1],
  ] as const
  return {
    inputChannels: 6,
    encoder: encoderBlocks('encoder_segment', [1, 2, 4, 8, 8, 8], width),
    decoder: levels.map(([name, multiple]) => ({
      up: { name: `decoder_segment.up${name}`, channels: multiple * width },
      block: { name: `decoder_segment.db${name}`, channels: [multiple * width, multiple * width] },
    })),
    skips: true,
    output: { name: 'decoder_segment.fin_out', channels: 2 },
  }
}

/** Two convolutions a block; the names are those of the authors' checkpoints. */
function encoderBlocks(name: string, multiples: readonly number[], width: number): UNetArchitecture['encoder'] {
  return multiples.map((multiple, index) => ({ name: `${name}.block${index + 1}`, channels: [multiple * width, multiple * width] }))
}

/** Both networks with the weights that training starts from. */
export function createNetworks(tf: TensorEngine, { restorerWidth, segmenterWidth }: NetworkWidths, random: RandomStream): DraemNetworks {
  const create = (architecture: UNetArchitecture): UNet =>
    createUNet(tf, architecture, normalInitialization(uNetParameters(architecture), random), 'trainable')
  return { restorer: create(restorerArchitecture(restorerWidth)), segmenter: create(segmenterArchitecture(segmenterWidth)) }
}

/** What one optimiser changes: the variables of both, by names that tell them apart. */
export function networkVariables(networks: DraemNetworks): ReadonlyMap<string, Variable> {
  return joined(networks, ({ variables }) => variables)
}

export function networkStatistics(networks: DraemNetworks): ReadonlyMap<string, Variable> {
  return joined(networks, ({ parameters }) => parameters.statistics)
}

function joined(networks: DraemNetworks, select: (network: UNet) => ReadonlyMap<string, Variable>): ReadonlyMap<string, Variable> {
  return new Map([networks.restorer, networks.segmenter].flatMap((network) => [...select(network)]))
}
