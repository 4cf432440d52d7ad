import { openTensorEngine, TENSOR_ENGINES } from '@im-iad/nn'
import { testEngines } from '@im-iad/testkit/vitest'
import padim from '../src/index.ts'

await testEngines(padim, { size: 32, levels: [4, 8], batchSize: 2 }, { names: TENSOR_ENGINES, open: openTensorEngine })
