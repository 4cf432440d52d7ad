import { openTensorEngine, TENSOR_ENGINES } from '@im-iad/nn'
import { testEngines } from '@im-iad/testkit/vitest'
import patchcore from '../src/index.ts'

const parameters = { size: 32, levels: [4, 8], coresetRatio: 0.5, batchSize: 2 }

await testEngines(patchcore, parameters, { names: TENSOR_ENGINES, open: openTensorEngine })
