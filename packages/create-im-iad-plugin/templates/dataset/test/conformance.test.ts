import { fileURLToPath } from 'node:url'
import { testConformance } from '@im-iad/testkit/vitest'

// One test per check that every dataset must pass; the built package is what is checked, on the few pictures in test/data.
await testConformance(new URL('..', import.meta.url), { dataRoot: fileURLToPath(new URL('data', import.meta.url)) })
