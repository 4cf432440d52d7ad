import { isImIadError } from '@im-iad/errors'
import { readSafetensors, writeSafetensors, type NamedTensor } from '@im-iad/weights'
import type { ParameterValue } from '../parameters/parameter-set.ts'
import { unfitModel } from './model-errors.ts'

/** A network whose parameters are kept in a file: a ParameterSet, or core's TrainableBackbone. */
export interface StoredNetwork {
  read(): Promise<Readonly<Record<string, ParameterValue>>>
  write(values: ReadonlyMap<string, ParameterValue>): void
}

/** Networks by the names that they have in the file: `student`. */
export type StoredNetworks = Readonly<Record<string, StoredNetwork>>

/** Writes all parameters and statistics of networks into one safetensors file, as `<network>/<parameter>`, in PyTorch's layout. */
export async function saveNetworks(file: string, networks: StoredNetworks): Promise<void> {
  const tensors: Record<string, NamedTensor> = {}
  for (const [network, stored] of Object.entries(networks))
    for (const [name, value] of Object.entries(await stored.read())) tensors[`${network}/${name}`] = value
  await writeSafetensors(file, tensors)
}

/**
 * Puts back what {@link saveNetworks} wrote.
 * @param method - whose model it is, for messages: `STPM`
 * @throws ImIadError IM_IAD_E_MODEL when the file holds networks of other shapes
 */
export async function loadNetworks(method: string, file: string, networks: StoredNetworks): Promise<void> {
  const tensors = await readSafetensors(file)
  for (const [network, stored] of Object.entries(networks)) {
    try {
      stored.write(parametersOf(tensors, `${network}/`))
    } catch (error) {
      throw isImIadError(error)
        ? unfitModel(method, file, `${error.facts.what} of the ${network} ${error.facts.problem ?? ''}`.trim())
        : error
    }
  }
}

function parametersOf(tensors: ReadonlyMap<string, NamedTensor>, prefix: string): ReadonlyMap<string, ParameterValue> {
  return new Map(
    [...tensors].flatMap(([name, { shape, data }]): [string, ParameterValue][] =>
      name.startsWith(prefix) && data instanceof Float32Array ? [[name.slice(prefix.length), { shape, data }]] : [],
    ),
  )
}
