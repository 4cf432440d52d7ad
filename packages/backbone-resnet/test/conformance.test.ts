import { testConformance } from '@im-iad/testkit/vitest'
import backbones from '../src/index.ts'
import { writeRandomWeights } from './support/random-weights.ts'

const [resnet18] = backbones
if (resnet18 === undefined) throw new Error('the package has no backbone')

// The others are the same code with other numbers of blocks; nn's tests compare them with PyTorch.
await testConformance(new URL('..', import.meta.url), { weightsFile: { [resnet18.id]: await writeRandomWeights(resnet18, 'torchvision') } })
