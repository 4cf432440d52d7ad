import { testConformance } from '@im-iad/testkit/vitest'

// One test per check that every plugin of this kind must pass; the built package is what is checked.
await testConformance(new URL('..', import.meta.url))
