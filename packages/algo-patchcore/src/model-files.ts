import { join } from 'node:path'
import type { Matrix } from '@im-iad/linalg'
import { readSafetensors, writeSafetensors } from '@im-iad/weights'
import { ImIadError } from '@im-iad/core'

const FILE = 'patchcore.safetensors'

/** Writes the memory, `[patches, dimension]`. */
export function saveBank(directory: string, { rows, columns, data }: Matrix): Promise<void> {
  return writeSafetensors(join(directory, FILE), { bank: { shape: [rows, columns], data } })
}

/** @throws ImIadError IM_IAD_E_MODEL when the file holds no memory */
export async function loadBank(directory: string): Promise<Matrix> {
  const bank = (await readSafetensors(join(directory, FILE))).get('bank')
  const [rows, columns] = bank?.shape ?? []
  if (rows === undefined || columns === undefined || !(bank?.data instanceof Float32Array) || rows === 0)
    throw new ImIadError({
      code: 'IM_IAD_E_MODEL',
      what: 'the folder holds no PatchCore model',
      found: join(directory, FILE),
      problem: 'it has no float32 tensor "bank" of two dimensions',
      fix: 'fit and save the model again',
    })
  return { rows, columns, data: bank.data }
}
