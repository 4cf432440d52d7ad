import { join } from 'node:path'
import { unfitModel } from '@im-iad/nn'
import { readSafetensors, writeSafetensors } from '@im-iad/weights'
import type { PositionGaussians } from './position-gaussians.ts'

const FILE = 'padim.safetensors'

/** Writes means, factors and the drawn channels. */
export function saveModel(directory: string, { grid, field }: PositionGaussians, channels: readonly number[]): Promise<void> {
  const { positions, dimension, means, factors } = field
  return writeSafetensors(join(directory, FILE), {
    channels: { shape: [channels.length], data: Int32Array.from(channels) },
    means: { shape: [grid.height, grid.width, dimension], data: means },
    factors: { shape: [positions, factors.length / positions], data: factors },
  })
}

/** @throws ImIadError IM_IAD_E_MODEL when the file holds no model, or one of other channels */
export async function loadModel(directory: string, channels: readonly number[]): Promise<PositionGaussians> {
  const file = join(directory, FILE)
  const tensors = await readSafetensors(file)
  const [height, width, dimension] = tensors.get('means')?.shape ?? []
  const [means, factors] = [tensors.get('means')?.data, tensors.get('factors')?.data]
  const sized = height !== undefined && width !== undefined && dimension !== undefined
  if (!sized || !(means instanceof Float32Array) || !(factors instanceof Float32Array))
    throw unfitModel('PaDiM', file, 'it lacks the float32 tensors "means" and "factors"')
  if (tensors.get('channels')?.data.join() !== channels.join())
    throw unfitModel('PaDiM', file, 'it was fitted on other feature channels: with other parameters or another seed')
  return { grid: { height, width }, field: { positions: height * width, dimension, means, factors } }
}
