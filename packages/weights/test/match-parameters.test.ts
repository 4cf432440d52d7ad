import { describe, expect, it } from 'vitest'
import { matchParameters, openWeights, writeSafetensors, type WeightsFile } from '../src/index.ts'
import { fileWith } from './support/files.ts'

async function fileOf(shapes: Readonly<Record<string, readonly number[]>>): Promise<WeightsFile> {
  const path = await fileWith(new Uint8Array(), '.safetensors')
  const tensors = Object.entries(shapes).map(
    ([name, shape]) => [name, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) }] as const,
  )
  await writeSafetensors(path, new Map(tensors))
  return openWeights(path)
}

const EXPECTED = new Map<string, readonly number[]>([
  ['conv1.weight', [8, 3, 3, 3]],
  ['bn1.weight', [8]],
  ['bn1.bias', [8]],
])

describe('matchParameters', () => {
  it('finds all, and passes over the counters of BatchNorm and what it is told to', async () => {
    const file = await fileOf({ ...Object.fromEntries(EXPECTED), 'bn1.num_batches_tracked': [], 'fc.weight': [10, 8] })
    const matched = matchParameters(file, EXPECTED, { ignore: (name) => name.startsWith('fc.') })
    expect([...matched]).toEqual([...EXPECTED.keys()].map((name) => [name, name]))
    await file.close()
  })

  it('takes off the word that DataParallel puts before every name', async () => {
    const file = await fileOf(Object.fromEntries([...EXPECTED].map(([name, shape]) => [`module.net.${name}`, shape])))
    expect(matchParameters(file, EXPECTED).get('bn1.bias')).toBe('module.net.bn1.bias')
    await file.close()
  })

  it('lists everything that is wrong in one error', async () => {
    const file = await fileOf({ 'conv1.weight': [3, 3, 3, 8], 'bn1.weight': [8], 'fc.weight': [2, 8], 'fc.bias': [2] })
    expect(() => matchParameters(file, EXPECTED)).toThrow(
      `the weights do not fit the network: of its 3 parameters 1 are missing and 1 have another shape; 2 more are in the file [IM_IAD_E_PARAMETERS]
  found:   ${file.name}
  problem: missing: bn1.bias
           of another shape: conv1.weight [3, 3, 3, 8] instead of [8, 3, 3, 3]
           not of this network: fc.weight, fc.bias`,
    )
    await file.close()
  })
})
