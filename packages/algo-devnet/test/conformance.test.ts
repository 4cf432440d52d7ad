import { testConformance } from '@im-iad/testkit/vitest'

await testConformance(new URL('..', import.meta.url), { backbone: new URL('support/block-networks.mjs', import.meta.url) })
