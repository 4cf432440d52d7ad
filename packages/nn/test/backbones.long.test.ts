import { describe, expect, it } from 'vitest'
import { BACKBONES, expectReference, inferenceCases } from './support/backbone-reference.ts'
import { sayTensorflowIsMissing, TESTED_ENGINES } from './support/tensorflow.ts'

sayTensorflowIsMissing()

// The cpu engine takes minutes for these networks.
describe.each(TESTED_ENGINES.filter((engine) => engine !== 'cpu'))('every backbone on the %s engine', (engine) => {
  it.each(BACKBONES)(
    "%s gives PyTorch's features",
    async (backbone) => {
      const cases = inferenceCases(backbone)
      expect(cases).toHaveLength(3)
      for (const expected of cases) await expectReference(engine, backbone, expected)
    },
    300_000,
  )
})
