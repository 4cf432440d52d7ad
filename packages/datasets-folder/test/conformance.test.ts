import { testConformance } from '@im-iad/testkit/vitest'
import { laidOut } from './support/laid-out.ts'

const PACKAGE = new URL('..', import.meta.url)

// Each layout that the dataset knows.
await testConformance(PACKAGE, {
  dataRoot: await laidOut({ normal: 'train/good', tested: 'test/good', anomalous: 'test/scratch', masks: 'ground_truth/scratch' }),
})
await testConformance(PACKAGE, {
  dataRoot: await laidOut({ normal: 'good', tested: 'good/more', anomalous: 'bad', masks: 'ground_truth/bad' }),
})
await testConformance(PACKAGE, { dataRoot: await laidOut({ normal: 'a', tested: 'b', anomalous: 'c', masks: 'd', manifest: true }) })
