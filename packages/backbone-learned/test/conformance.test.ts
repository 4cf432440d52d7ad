import { testConformance } from '@im-iad/testkit/vitest'

await testConformance(new URL('..', import.meta.url))
