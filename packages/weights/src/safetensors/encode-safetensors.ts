import { headerBytes, placeTensors, valueBytes, type NamedTensor, type WriteSafetensorsOptions } from './write-safetensors.ts'

/**
 * Tensors as the bytes of a safetensors file, for what is kept elsewhere: the checkpoint of a training.
 * @throws ImIadError IM_IAD_E_SAFETENSORS, as {@link writeSafetensors} does
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, NamedTensor>> | ReadonlyMap<string, NamedTensor>,
  { floats = 'F32', metadata = new Map() }: WriteSafetensorsOptions = {},
): Uint8Array {
  const placed = placeTensors('safetensors in memory', tensors, floats)
  return Buffer.concat([headerBytes(placed, metadata), ...placed.map(valueBytes)])
}
