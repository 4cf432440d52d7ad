import { testConformance } from '@im-iad/testkit/vitest'

await testConformance(new URL('..', import.meta.url), { backbone: new URL('support/narrow-network.mjs', import.meta.url) })
