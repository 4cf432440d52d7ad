import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { testConformance } from '@im-iad/testkit/vitest'
import { smallCopy } from './support/small-copy.ts'

const PACKAGE = new URL('..', import.meta.url)
const DATA = resolve(import.meta.dirname, '../../..', process.env['IM_IAD_DATA'] ?? '../shared/data', 'mtd')

await testConformance(PACKAGE, { dataRoot: await smallCopy() })
// The publisher's own copy, where the machine has it.
if (existsSync(DATA)) await testConformance(PACKAGE, { dataRoot: DATA, dataIsComplete: true })
