import { writeRandomWeights } from '@im-iad/testkit'
import { testConformance } from '@im-iad/testkit/vitest'
import backbones from '../src/index.ts'

const [resnet18] = backbones
if (resnet18 === undefined) throw new Error('the package has no backbone')

// The others are the same code with other numbers of blocks; nn's tests compare them with PyTorch.
await testConformance(new URL('..', import.meta.url), { weightsFile: { [resnet18.id]: await writeRandomWeights(resnet18, 'torchvision') } })
