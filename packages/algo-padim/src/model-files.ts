import { join } from 'node:path'
import { ImIadError } from '@im-iad/core'
import { readSafetensors, writeSafetensors } from '@im-iad/weights'
import type { PositionGaussians } from './position-gaussians.ts'

const FILE = 'padim.safetensors'

/** Writes means, factors and the drawn channels. */
export function saveModel(
  directory: string,
  { height, width, dimension, means, factors }: PositionGaussians,
  channels: readonly number[],
): Promise<void> {
  return writeSafetensors(join(directory, FILE), {
    channels: { shape: [channels.length], data: Int32Array.from(channels) },
    means: { shape: [height, width, dimension], data: means },
    factors: { shape: [height * width, factors.length / (height * width)], data: factors },
  })
}

/** @throws ImIadError IM_IAD_E_MODEL when the file holds no model, or one of other channels */
export async function loadModel(directory: string, channels: readonly number[]): Promise<PositionGaussians> {
  const tensors = await readSafetensors(join(directory, FILE))
  const [height, width, dimension] = tensors.get('means')?.shape ?? []
  const means = tensors.get('means')?.data
  const factors = tensors.get('factors')?.data
  const drawn = tensors.get('channels')?.data
  const fail = (problem: string): ImIadError =>
    new ImIadError({
      code: 'IM_IAD_E_MODEL',
      what: 'the folder holds no PaDiM model that fits',
      found: join(directory, FILE),
      problem,
      fix: 'load it with the parameters and the seed that it was fitted with, or fit it again',
    })
  if (
    height === undefined ||
    width === undefined ||
    dimension === undefined ||
    !(means instanceof Float32Array) ||
    !(factors instanceof Float32Array)
  )
    throw fail('it lacks the float32 tensors "means" and "factors"')
  if (drawn?.join() !== channels.join()) throw fail('it was fitted on other feature channels')
  return { height, width, dimension, means, factors }
}
