import { testConformance } from '@im-iad/testkit/vitest'

await testConformance(new URL('..', import.meta.url), {
  parameters: { width: 64, height: 48, trainNormal: 6, testNormal: 4, testAnomalous: 8 },
})
