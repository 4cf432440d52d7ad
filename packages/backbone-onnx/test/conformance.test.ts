import { testConformance } from '@im-iad/testkit/vitest'
import { writeModel } from './support/toy-model.ts'

await testConformance(new URL('..', import.meta.url), {
  weightsFile: await writeModel({ pools: [4, 8, 16] }, { mean: [127, 127, 127], std: [64, 64, 64] }),
})
