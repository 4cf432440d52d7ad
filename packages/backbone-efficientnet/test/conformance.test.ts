import { writeRandomWeights } from '@im-iad/testkit'
import { testConformance } from '@im-iad/testkit/vitest'
import backbones from '../src/index.ts'

const [lite0] = backbones
if (lite0 === undefined) throw new Error('the package has no backbone')

// The others are the same code with other widths and depths; nn's tests compare them with PyTorch.
await testConformance(new URL('..', import.meta.url), { weightsFile: { [lite0.id]: await writeRandomWeights(lite0, 'timm') } })
