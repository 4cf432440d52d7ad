import { fileURLToPath } from 'node:url'
import type { NamedTensor } from '@im-iad/weights'
import { readSafetensors } from '@im-iad/weights'
import type { ConvolutionUnit } from './architecture.ts'
import { damagedWeights } from './errors.ts'

/** A convolution's numbers; batch normalisation is folded in. */
export interface UnitWeights {
  /** `[output, input, kernel, kernel]`. */
  readonly filter: Float32Array
  /** `[output]`. */
  readonly offset: Float32Array
}

export interface NetworkWeights {
  /** @throws ImIadError IM_IAD_E_LEARNED_BACKBONE when they are missing or have another shape: the package is damaged */
  of(unit: ConvolutionUnit): UnitWeights
}

/** The weights that come with this package. */
export const WEIGHTS_FILE: string = fileURLToPath(new URL('../weights/learned.safetensors', import.meta.url))

/** Reads the network's weights. @throws ImIadError when the file is missing or damaged */
export async function readWeights(file: string = WEIGHTS_FILE): Promise<NetworkWeights> {
  return networkWeights(await readSafetensors(file), file)
}

/** @param tensors - by the convolutions' names, `weight` and `bias` each, in PyTorch's layout @param file - what messages call them */
export function networkWeights(tensors: ReadonlyMap<string, NamedTensor>, file: string): NetworkWeights {
  const read = (name: string, shape: readonly number[]): Float32Array => {
    const tensor = tensors.get(name)
    if (tensor === undefined || !(tensor.data instanceof Float32Array)) throw damagedWeights(file, `it holds no "${name}"`)
    if (tensor.shape.join() !== shape.join())
      throw damagedWeights(file, `"${name}" is [${tensor.shape.join(', ')}] in it, [${shape.join(', ')}] in the network`)
    return tensor.data
  }
  return {
    of: ({ name, input, output, kernel }) => ({
      filter: read(`${name}.weight`, [output, input, kernel, kernel]),
      offset: read(`${name}.bias`, [output]),
    }),
  }
}
