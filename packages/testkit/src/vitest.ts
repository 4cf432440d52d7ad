import { afterAll, describe, it } from 'vitest'
import type { BoundCheck, CheckOutcome } from './check-group.ts'
import { DEFAULT_TIME_LIMIT, type ConformanceOptions } from './options.ts'
import { openPackage } from './package-under-test.ts'

export { testEngines, type TestedEngines } from './test-engines.ts'

/**
 * Declares one vitest test per check of a plugin package. Call it at the top level of a test file:
 *
 *     await testConformance(new URL('..', import.meta.url))
 *
 * @param folder - the package's folder; its plugins are loaded from their built entries
 * @throws ImIadError IM_IAD_E_NO_PLUGIN when it is no plugin package
 */
export async function testConformance(folder: string | URL, options: ConformanceOptions = {}): Promise<void> {
  const { groups, name, dispose } = await openPackage(folder, options)
  for (const { plugin, checks } of groups) {
    const { kind, id } = plugin ?? { kind: 'package', id: name }
    describe(`${kind} ${id}`, () => {
      for (const check of checks) declareTest(check, options.timeLimit ?? DEFAULT_TIME_LIMIT)
    })
  }
  afterAll(dispose)
}

/** vitest's own limit comes after ours: a check may first run others that it requires. */
const PREREQUISITES = 4

function declareTest({ id, why, run }: BoundCheck, timeLimit: number): void {
  const timeout = PREREQUISITES * timeLimit * 1000
  it(`${id}: ${why}`, { timeout }, async ({ skip, annotate }) => {
    const outcome = await run()
    if (outcome.status === 'skip') skip(outcome.reason)
    if (outcome.status === 'known-failure') await annotate(`known failure: ${outcome.reason}`)
    expectConforming(outcome)
  })
}

function expectConforming(outcome: CheckOutcome): void {
  if (outcome.status === 'fail') throw outcome.error
}
